import { FlowError } from "../../errors.js";

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The error for a columnar log that cannot be read to its end; `rows` rows of it were. FlowErrors stay as they are. */
export function columnsBroken(
  name: string,
  error: unknown,
  where: string,
  rows: number,
): FlowError {
  if (error instanceof FlowError) return error;
  return new FlowError(
    "log-broken",
    `cannot be read to its end: ${messageOf(error)} (${where}); used up to there (${rows} rows)`,
    { at: name, hint: "fetch the file again" },
  );
}
