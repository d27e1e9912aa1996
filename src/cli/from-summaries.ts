// `--from FILE...`: summaries in place of logs.

import { existsSync } from "node:fs";
import { isS3 } from "../node/s3/s3-place.js";
import { timeValue } from "./values/time-value.js";

function isTime(text: string): boolean {
  try {
    timeValue(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * `--from` takes a time, or summaries: what follows it up to the next option and is no time stands for logs. Gives the
 * arguments with those paths behind the command's name, where logs stand. `why` has an option of this name instead.
 */
export function moveSummaries(argv: readonly string[]): readonly string[] {
  const at = argv.indexOf("--from");
  const first = argv[at + 1];
  if (at < 1 || argv[0] === "why" || first === undefined || first.startsWith("-") || isTime(first))
    return argv;
  // Neither: commander says what a time looks like.
  if (!existsSync(first) && !isS3(first)) return argv;
  let end = at + 1;
  while (end < argv.length && !argv[end]!.startsWith("-")) end++;
  const paths = argv.slice(at + 1, end);
  return [argv[0]!, ...paths, ...argv.slice(1, at), ...argv.slice(end)];
}
