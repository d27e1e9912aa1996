// The read-only AWS CLI commands that fetch the documents. Ids come from hostile files and the user pastes the lines
// into a shell, so everything that is not plainly safe is quoted.
import { listEntriesFile, staleGroupsFile, WHOLE_ANSWERS } from "./answers.js";
import type { DocumentKind } from "./document.js";
import { presentKinds } from "./inspect.js";
import { UNKNOWN_VPC } from "./join-groups.js";
import type { LoadedRules } from "./load.js";
import { collectReferences, type References } from "./references.js";

export interface FetchCommand {
  readonly command: string;
  /** The file the command writes. */
  readonly file: string;
  /** Whether the loaded documents lack what it fetches. */
  readonly needed: boolean;
}

/** Interfaces that services of AWS manage may be hidden otherwise. */
const OPTIONS: ReadonlyMap<DocumentKind, string> = new Map([
  ["describe-network-interfaces", " --include-managed-resources"],
]);

/**
 * Commands for one account and region: the answers as a whole, then the stale references of each VPC, then the entries
 * of each prefix list that rules name without entries. Without documents the lists and VPCs are not known yet: run
 * `doctor` again on what the first commands fetched.
 */
export function fetchCommands(loaded: LoadedRules): FetchCommand[] {
  const references = collectReferences(loaded.ruleSet);
  const needed = neededKinds(loaded, references);
  const commands: FetchCommand[] = WHOLE_ANSWERS.map(({ kind, file }) => ({
    command: `aws ec2 ${kind}${OPTIONS.get(kind) ?? ""} --output json > ${file}`,
    file,
    needed: needed.has(kind),
  }));
  const staleNeeded = !presentKinds(loaded).has("describe-stale-security-groups");
  for (const id of vpcIds(loaded)) {
    const file = staleGroupsFile(id);
    commands.push({
      command: `aws ec2 describe-stale-security-groups --vpc-id ${quote(id)} --output json > ${quote(file)}`,
      file,
      needed: staleNeeded,
    });
  }
  for (const id of references.unknownLists) {
    const file = listEntriesFile(id);
    commands.push({
      command: `aws ec2 get-managed-prefix-list-entries --prefix-list-id ${quote(id)} --output json > ${quote(file)}`,
      file,
      needed: true,
    });
  }
  return commands;
}

function neededKinds(loaded: LoadedRules, references: References): ReadonlySet<DocumentKind> {
  const present = presentKinds(loaded);
  const needed = new Set(
    WHOLE_ANSWERS.map(({ kind }) => kind).filter((kind) => !present.has(kind)),
  );
  if (present.has("describe-prefix-lists")) needed.delete("describe-managed-prefix-lists");
  for (const report of loaded.documents)
    if (report.cut) for (const kind of report.kinds) needed.add(kind);
  const undescribed = references.undescribedGroups.length + references.undescribedAttached.length;
  if (undescribed + references.unknownGroups.length > 0) {
    needed.add("describe-security-groups");
    // Both answers must be of one moment, or they differ and the load stops.
    needed.add("describe-security-group-rules");
  }
  return needed;
}

/** VPCs that describe-vpcs, groups or interfaces name. */
function vpcIds({ ruleSet }: LoadedRules): string[] {
  const ids = new Set(ruleSet.vpcs.keys());
  for (const { vpcId } of ruleSet.interfaces.values()) if (vpcId !== undefined) ids.add(vpcId);
  for (const { rules, vpcId } of ruleSet.groups.values())
    if (
      vpcId !== undefined &&
      vpcId !== UNKNOWN_VPC &&
      rules.some(({ peer }) => peer.kind === "group")
    )
      ids.add(vpcId);
  return [...ids].sort();
}

/** A word for a POSIX shell. */
function quote(word: string): string {
  return /^[A-Za-z0-9._:-]+$/.test(word) && !word.startsWith("-")
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
}
