// Paths named by the user -> rule documents.
import { isRuleFile } from "../rules/index.js";
import {
  byCodeUnits,
  kindOfPath,
  noSuchInput,
  refuseUnlistable,
  unreadableInput,
  within,
} from "./path-kind.js";
import { walk } from "./walk.js";

/** One rule document. */
export interface RuleFile {
  readonly name: string;
  readonly path: string;
  /** Named by the user itself, not found in a folder: what is in it must be understood. */
  readonly explicit: boolean;
}

const HINT =
  "give the JSON output of aws ec2 describe-..., or another form of rules, as files, folders of them, or - for stdin";

/** A folder of rules that cannot be read would leave rules out in silence. */
function refuseUnreadable(path: string, reason: string): never {
  throw unreadableInput(path, reason);
}

/**
 * Finds rule documents: files as given, of a folder every JSON and YAML file in it and below, sorted by name; `-` is stdin.
 * Throws `no-such-input` for a path that does not exist or a folder without any, `input-unreadable` for a folder that
 * cannot be listed.
 */
export async function findRuleFiles(paths: readonly string[]): Promise<RuleFile[]> {
  const files: RuleFile[] = [];
  for (const path of paths) {
    const kind = path === "-" ? "file" : await kindOfPath(path);
    if (kind === "none") throw noSuchInput(path, "there is no such file or folder", HINT);
    if (kind === "file") {
      files.push({ name: path, path, explicit: true });
      continue;
    }
    await refuseUnlistable(path);
    const names: string[] = [];
    for await (const name of walk(path, refuseUnreadable)) if (isRuleFile(name)) names.push(name);
    if (names.length === 0) throw noSuchInput(path, "the folder holds no JSON or YAML files", HINT);
    for (const name of names.sort(byCodeUnits)) {
      const full = within(path, name);
      files.push({ name: full, path: full, explicit: false });
    }
  }
  return files;
}
