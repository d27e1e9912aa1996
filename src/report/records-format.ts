/** `arrow` is the IPC stream, which can be piped; `arrow-file` the IPC file, which can be read at any place. */
export type RecordsFormat = "csv" | "ndjson" | "arrow" | "arrow-file" | "parquet";
export const RECORDS_FORMATS: readonly RecordsFormat[] = [
  "csv",
  "ndjson",
  "arrow",
  "arrow-file",
  "parquet",
];

const ENDINGS: readonly (readonly [string, RecordsFormat])[] = [
  [".csv", "csv"],
  [".ndjson", "ndjson"],
  [".jsonl", "ndjson"],
  [".arrows", "arrow"],
  [".arrow", "arrow-file"],
  [".feather", "arrow-file"],
  [".parquet", "parquet"],
];

/** What the name of a file of a format ends in, without the dot. */
export const RECORDS_ENDINGS: Readonly<Record<RecordsFormat, string>> = {
  csv: "csv",
  ndjson: "ndjson",
  arrow: "arrows",
  "arrow-file": "arrow",
  parquet: "parquet",
};

/** The format a file name asks for, `undefined` where its ending names none. */
export function recordsFormatOf(path: string): RecordsFormat | undefined {
  const name = path.toLowerCase();
  return ENDINGS.find(([ending]) => name.endsWith(ending))?.[1];
}

/** Whether a terminal can show it. */
export function isText(format: RecordsFormat): format is "csv" | "ndjson" {
  return format === "csv" || format === "ndjson";
}
