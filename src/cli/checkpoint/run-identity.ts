// What a checkpoint belongs to: the same program, options and logs. Its rules are compared by the run itself.
import { stat } from "node:fs/promises";
import { FlowError } from "../../errors.js";
import { digestOf } from "../../node/checkpoint-file.js";
import type { LogFile } from "../../node/index.js";
import { isS3 } from "../../node/s3/s3-place.js";
import { TOOL } from "../../report/tool.js";

export interface RunIdentity {
  readonly tool: string;
  /** Digest of the core's bytes. */
  readonly core: string;
  /** By the names that commander gives them. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly files: number;
  /** Digest of paths, sizes and times of all logs, in the order of reading. */
  readonly logs: string;
}

/** Flags that no answer depends on, or only its form, and the rules, which the run compares as they are compiled. */
const IDLE: ReadonlySet<string> = new Set([
  "rules",
  "jobs",
  "format",
  "json",
  "output",
  "report",
  "checkpoint",
  "checkpointEvery",
  "quiet",
  "verbose",
  "color",
  "topLimit",
]);

/** Files asked for at once. */
const AT_ONCE = 256;

async function markOf(file: LogFile): Promise<string> {
  const { path, name, size, tag } = file;
  if (isS3(path)) return JSON.stringify([name, path, size, tag]);
  const stats = path === "-" ? undefined : await stat(path);
  if (stats?.isFile() !== true)
    throw new FlowError("input-read-twice", "--checkpoint needs logs that can be read again", {
      at: name,
      hint: "save it as a file first: stdin and pipes can be read only once",
    });
  return JSON.stringify([name, path, stats.size, stats.mtimeMs]);
}

/** The identity of a run. Throws `input-read-twice` for stdin and pipes. */
export async function identityOf(
  core: string,
  flags: object,
  files: readonly LogFile[],
): Promise<RunIdentity> {
  const marks: string[] = [];
  for (let from = 0; from < files.length; from += AT_ONCE)
    marks.push(...(await Promise.all(files.slice(from, from + AT_ONCE).map(markOf))));
  const options = Object.fromEntries(
    Object.entries(flags)
      .filter(([name, value]) => !IDLE.has(name) && value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const tool = `${TOOL.name} ${TOOL.version}`;
  return { tool, core, options, files: files.length, logs: digestOf(marks.join("\n")) };
}

/** `--deny-out` of `denyOut`. */
function optionName(flag: string): string {
  return `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** What differs, in words; undefined = nothing. */
export function differenceOf(made: RunIdentity | undefined, now: RunIdentity): string | undefined {
  if (made?.tool === undefined) return "it does not tell which";
  if (made.tool !== now.tool || made.core !== now.core) return `it was made by ${made.tool}`;
  const names = [...new Set([...Object.keys(made.options), ...Object.keys(now.options)])].sort();
  const other = names.find(
    (name) => JSON.stringify(made.options[name]) !== JSON.stringify(now.options[name]),
  );
  if (other !== undefined) return `${optionName(other)} is another`;
  if (made.files !== now.files) return `there were ${made.files} logs, and are ${now.files}`;
  return made.logs === now.logs ? undefined : "a log has another name, size or time";
}
