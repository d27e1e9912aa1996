import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { FlowError } from "../../errors.js";
import { findRuleFiles, type LogFile } from "../../node/index.js";

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

/**
 * Throws where an output is a log or a rule document of the same run, or where records and summary go to one file: a
 * result must not replace what it rests on.
 */
export async function refuseOverwrite(
  flags: { readonly records?: string; readonly output?: string; readonly rules: readonly string[] },
  logs: readonly LogFile[],
): Promise<void> {
  const { records, output } = flags;
  const targets: (readonly [string, string])[] = [];
  if (records !== undefined && records !== "-") targets.push(["--records", records]);
  if (output !== undefined && output !== "-") targets.push(["--output", output]);
  if (targets.length === 2 && resolve(targets[0]![1]) === resolve(targets[1]![1]))
    throw refused("--output", targets[1]![1], "the records");
  const existing: { option: string; path: string; identity: string }[] = [];
  for (const [option, path] of targets) {
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
