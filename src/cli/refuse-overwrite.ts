import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { FlowError } from "../errors.js";
import { findRuleFiles, type LogFile } from "../node/index.js";

/** Device and inode of a regular file; nothing for what takes writes in place (devices, pipes) or is not there. */
async function identityOf(path: string): Promise<string | undefined> {
  if (path === "-") return undefined;
  try {
    const stats = await stat(path, { bigint: true });
    return stats.isFile() ? `${stats.dev}:${stats.ino}` : undefined;
  } catch {
    return undefined;
  }
}

function refused(option: string, path: string, what: string): FlowError {
  return new FlowError("output-is-input", `${option} would overwrite ${what}`, {
    at: path,
    hint: "give the output a name of its own",
  });
}

/** Files that a command writes, by the option that names them. */
export interface Outputs {
  readonly records?: string | undefined;
  readonly allowOut?: string | undefined;
  readonly denyOut?: string | undefined;
  readonly unknownOut?: string | undefined;
  readonly planOut?: string | undefined;
  readonly output?: string | undefined;
  readonly report?: string | undefined;
}

const OPTIONS: readonly (readonly [keyof Outputs, option: string, content: string])[] = [
  ["records", "--records", "the records"],
  ["allowOut", "--allow-out", "the allowed records"],
  ["denyOut", "--deny-out", "the denied records"],
  ["unknownOut", "--unknown-out", "the records judged unknown"],
  ["planOut", "--plan-out", "the plan"],
  ["output", "--output", "the answer"],
  ["report", "--report", "the report"],
];

/**
 * Throws where an output is a log or a rule document of the same run, or where two outputs go to one file: a result must
 * replace neither what it rests on nor another result.
 */
export async function refuseOverwrite(
  flags: Outputs & { readonly rules: readonly string[] },
  logs: readonly LogFile[],
): Promise<void> {
  const contents = new Map<string, string>();
  const existing: { option: string; path: string; identity: string }[] = [];
  for (const [flag, option, content] of OPTIONS) {
    const path = flags[flag];
    if (path === undefined || path === "-") continue;
    const other = contents.get(resolve(path));
    if (other !== undefined) throw refused(option, path, other);
    contents.set(resolve(path), content);
    const identity = await identityOf(path);
    if (identity !== undefined) existing.push({ option, path, identity });
  }
  if (existing.length === 0) return;
  const inputs = [...logs, ...(await findRuleFiles(flags.rules))];
  for (const input of inputs) {
    const identity = await identityOf(input.path);
    const hit = existing.find((target) => target.identity === identity);
    if (hit !== undefined) throw refused(hit.option, hit.path, `the input ${input.name}`);
  }
}
