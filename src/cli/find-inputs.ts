// Log paths of the command line → files, with what is missing told apart from what is there.

import { FlowError } from "../errors.js";
import type { WantedPartitions } from "../logs/index.js";
import { type FindLogsOptions, findLogs, type InputNote, type LogFile } from "../node/index.js";
import type { Terminal } from "./terminal.js";

export interface FoundLogs {
  readonly files: readonly LogFile[];
  /** What was named and is not there; the rest is read all the same, and the run ends with exit code 2. */
  readonly missing: readonly FlowError[];
  /** Files left out because of --from, --to and --partition. */
  readonly leftOut: number;
}

/** Which files the options let be left out before they are opened. */
export function wantedFiles(
  { partition }: { readonly partition?: WantedPartitions },
  filter: { readonly from?: number; readonly to?: number } = {},
): Omit<FindLogsOptions, "onNote"> {
  const { from, to } = filter;
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(partition === undefined ? {} : { partitions: partition }),
  };
}

/** Paths that lead to nothing. */
async function findMissing(
  paths: readonly string[],
  options: FindLogsOptions,
): Promise<Map<string, FlowError>> {
  const missing = new Map<string, FlowError>();
  for (const path of paths) {
    try {
      await findLogs([path], options);
    } catch (error) {
      if (!(error instanceof FlowError)) throw error;
      missing.set(path, error);
    }
  }
  return missing;
}

/** Whoever names a file twice may think that it counts twice. */
function sayTwins(twins: readonly InputNote[], terminal: Terminal): void {
  const [first] = twins;
  if (first === undefined) return;
  const times =
    twins.length === 1 ? "a file was" : `${twins.length.toLocaleString("en-US")} files were`;
  terminal.say(
    `note: ${times} named again and not read again, the first ${first.path} (named-twice)`,
  );
}

/**
 * Finds all logs. What leads to nothing is left for the end where something else can be read, and thrown where
 * nothing can.
 */
export async function findInputs(
  paths: readonly string[],
  wanted: Omit<FindLogsOptions, "onNote">,
  terminal: Terminal,
): Promise<FoundLogs> {
  const unreadable = new Map<string, FlowError>();
  let leftOut = 0;
  const twins: InputNote[] = [];
  const options: FindLogsOptions = {
    ...wanted,
    onNote: (note) => {
      if (note.code === "outside-time" || note.code === "outside-partition") leftOut++;
      if (note.code === "named-twice") twins.push(note);
      if (note.code === "unreadable-folder")
        unreadable.set(note.path, new FlowError(note.code, note.message, { at: note.path }));
      else if (terminal.verbose) terminal.say(`note: ${note.path}: ${note.message} (${note.code})`);
    },
  };
  try {
    const files = await findLogs(paths, options);
    sayTwins(twins, terminal);
    return { files, missing: [...unreadable.values()], leftOut };
  } catch (error) {
    if (!(error instanceof FlowError) || paths.length === 1) throw error;
    const missing = await findMissing(paths, wanted);
    const present = paths.filter((path) => !missing.has(path));
    if (present.length === 0 || missing.size === 0) throw error;
    leftOut = 0;
    twins.length = 0;
    const files = await findLogs(present, options);
    sayTwins(twins, terminal);
    return { files, missing: [...missing.values(), ...unreadable.values()], leftOut };
  }
}
