// What the network ACL of the interface's subnet says (semantics 10).

import type { AclExplanation } from "../reference/index.js";
import type { Style } from "./paint.js";
import type { Cell, Item, Section } from "./report-body.js";

const MARKS: Readonly<Record<string, readonly [string, Style]>> = {
  allow: ["✓", "good"],
  deny: ["✗", "bad"],
  unknown: ["?", "warn"],
};

function placeText({ file, line }: { readonly file: string; readonly line: number }): string {
  return `${file}:${line}`;
}

function answerText({ verdict, entry, typed }: AclExplanation): string {
  if (verdict === null) return "not asked: the packets stay in the subnet";
  const decides =
    entry === null
      ? "no entry matches, * denies"
      : `entry ${entry.number} (${placeText(entry.at)}) decides`;
  if (typed.length === 0) return `${verdict}, ${decides}`;
  const may = typed.map(({ number, at }) => `${number} (${placeText(at)})`).join(", ");
  return `${verdict}: ${may} may match first, for one ICMP type; else ${decides}`;
}

/** One line about the packets of one direction. */
export function aclItem(acl: AclExplanation): Item {
  const { direction, aclId, subnetId, destinationPort, verdict } = acl;
  const [text, style] = (verdict === null ? undefined : MARKS[verdict]) ?? ["·", "faint"];
  const mark: Cell = { text, style };
  const port = destinationPort === 0 ? "" : ` to port ${destinationPort}`;
  return { mark, text: `${direction}${port}, ${aclId} of ${subnetId}: ${answerText(acl)}` };
}

/** One line per direction; no section where no list is known. */
export function aclSections(acls: readonly AclExplanation[]): Section[] {
  if (acls.length === 0) return [];
  return [{ heading: "Network ACL", blocks: [{ kind: "list", items: acls.map(aclItem) }] }];
}
