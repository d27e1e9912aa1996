// What summaries leave undetermined that their logs would tell.

import { type Address, cidrContains } from "../model/address.js";
import { addressWord } from "../model/address-words.js";
import type { OpenerAnswer, OpenerTable } from "../model/opener-table.js";
import type { NetworkInterface, RuleSet } from "../model/rule-set.js";
import type { Reason } from "../model/verdict.js";
import { noteOf } from "./border-notes.js";
import type { JudgedOpeners } from "./judged-openers.js";
import type { LogNote } from "./summary.js";

/** Codes of the notes, closed list. */
export const STORAGE_NOTES: readonly string[] = ["summary-attach-times", "summary-client-ports"];

/** With candidates only what one of them may change: the rest is as unknown as before. */
function isLeftOpen({ rulings, changes }: OpenerAnswer, reason: Reason): boolean {
  return (
    rulings.some((ruling) => ruling.reason === reason) &&
    (changes.length === 0 || changes.some(({ change }) => change === "undetermined"))
  );
}

/** Whether an address became a member of its groups between two times (semantics 3.5c). */
type Joined = (remote: Address, first: number, last: number) => boolean;

function joinedIn(ruleSets: readonly RuleSet[]): Joined {
  const keyOf = (address: Address): string =>
    [0, 1, 2, 3].map((word) => addressWord(address, word)).join(" ");
  const times = new Map<string, number[]>();
  const delegated: NetworkInterface[] = [];
  for (const owner of ruleSets.flatMap(({ interfaces }) => [...interfaces.values()])) {
    const { attachedAt } = owner;
    if (attachedAt === undefined) continue;
    if (owner.prefixes.length > 0) delegated.push(owner);
    for (const address of owner.addresses) {
      const key = keyOf(address);
      times.set(key, [...(times.get(key) ?? []), attachedAt]);
    }
  }
  return (remote, first, last) => {
    const isBetween = (time = 0): boolean => first < time && time <= last;
    return (
      (times.get(keyOf(remote)) ?? []).some(isBetween) ||
      delegated.some(
        ({ attachedAt, prefixes }) =>
          isBetween(attachedAt) && prefixes.some((cidr) => cidrContains(cidr, remote)),
      )
    );
  };
}

/** Connections of rows that began before their remote side was a member, and went on after. */
function attachedWithin(table: OpenerTable, ruleSets: readonly RuleSet[]): number {
  const joined = joinedIn(ruleSets);
  const open = new Map<number, boolean>();
  let connections = 0;
  for (let row = 0; row < table.length; row++) {
    const answer = table.answer(row);
    const known = open.get(answer) ?? isLeftOpen(table.answerOf(answer), "peer-unresolved");
    open.set(answer, known);
    if (known && joined(table.at(row).remote, table.first(row), table.last(row)))
      connections += table.connections(row);
  }
  return connections;
}

/** Notes of what stored rows left undetermined. Cost: linear in the rows and the interfaces. */
export function storageNotes(judged: JudgedOpeners, ruleSets: readonly RuleSet[]): LogNote[] {
  const attached = attachedWithin(judged, ruleSets);
  let ports = 0;
  for (const vector of judged.storedVectors())
    if (isLeftOpen(vector, "missing-field")) ports += vector.connections;
  const [attachTimes, clientPorts] = STORAGE_NOTES;
  return [
    ...(attached > 0
      ? [
          noteOf(
            attachTimes!,
            `connections undetermined because their row began before the interface behind the remote address was attached, and went on after; the logs tell which came after: ${attached}`,
          ),
        ]
      : []),
    ...(ports > 0
      ? [
          noteOf(
            clientPorts!,
            `connections undetermined because a network ACL treats the least and the greatest client port of their row differently; the logs tell which it stops: ${ports}`,
          ),
        ]
      : []),
  ];
}
