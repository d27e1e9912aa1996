import type { AclEntry, Place } from "../model/rule-set.js";
import type { Direction, Verdict } from "../model/verdict.js";
import { type AclQuestion, entryName, firstMatch, staysInSubnet } from "./acl.js";
import type { InterfaceView } from "./interface-view.js";
import type { Snapshot } from "./snapshot.js";

/** An entry of a network ACL as it is named: its number, or `*` for the closing one. */
export interface AclEntryExplanation {
  readonly number: string;
  readonly at: Place;
}

/** What the network ACL of the interface's subnet says of the packets of one direction (section 10). */
export interface AclExplanation {
  readonly direction: Direction;
  readonly aclId: string;
  readonly subnetId: string;
  /** Of these packets; 0 where ports do not matter. */
  readonly destinationPort: number;
  /** `null`: the packets do not leave the subnet and pass no list (semantics 10.2). */
  readonly verdict: Verdict | null;
  /** The first entry that surely matches; `null` where none does, which the closing `*` denies. */
  readonly entry: AclEntryExplanation | null;
  /** Entries before it that are for one ICMP type: they may match. */
  readonly typed: readonly AclEntryExplanation[];
}

/** Empty where no list of the interface's subnet is known. */
export function explainAcl(
  snapshot: Snapshot,
  view: InterfaceView | undefined,
  question: AclQuestion,
): readonly AclExplanation[] {
  const { acl, owner } = view ?? {};
  if (acl === undefined || owner?.subnetId === undefined) return [];
  const { direction, destinationPort } = question;
  const about = { direction, aclId: acl.id, subnetId: owner.subnetId, destinationPort };
  if (staysInSubnet(snapshot, owner, question.remote))
    return [{ ...about, verdict: null, entry: null, typed: [] }];
  const { verdict, entry, typed } = firstMatch(acl, question);
  const named = entry === undefined ? null : explainEntry(entry);
  return [{ ...about, verdict, entry: named, typed: typed.map(explainEntry) }];
}

function explainEntry(entry: AclEntry): AclEntryExplanation {
  return { number: entryName(entry), at: entry.at };
}
