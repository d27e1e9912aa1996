export type RecordsFormat = "csv" | "ndjson";
export const RECORDS_FORMATS: readonly RecordsFormat[] = ["csv", "ndjson"];

/** The format a file name asks for, `undefined` where its ending names none. */
export function recordsFormatOf(path: string): RecordsFormat | undefined {
  const name = path.toLowerCase();
  if (name.endsWith(".csv")) return "csv";
  if (name.endsWith(".ndjson") || name.endsWith(".jsonl")) return "ndjson";
  return undefined;
}
