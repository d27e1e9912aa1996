// What one end of a connection says: its interface, groups, every rule, the network ACL both ways, its records.

import type { AclPorts, EndExplanation, OtherEndExplanation } from "../reference/index.js";
import { aclItem } from "./acl-section.js";
import { groupsText, openingText, readingBlocks, rulingCell } from "./explanation-parts.js";
import { counted, timestamp } from "./quantity.js";
import type { Block, Item, Pair, Section } from "./report-body.js";
import { pairs as pairsOf } from "./report-body.js";

/** Records of the other end that are named; the rest is counted. */
const RECORDS_SHOWN = 3;

const KNOWN: Readonly<Record<EndExplanation["interfaceKnown"], string>> = {
  described: "described by the rules",
  attached: "not described; carries the groups of --attach",
  unknown: "not described by the rules",
};

function replyItem({ fromPort, toPort, acl }: AclPorts, several: boolean): Item {
  const item = aclItem(acl);
  if (!several) return item;
  const text = typeof item.text === "string" ? item.text : item.text.text;
  const ports = fromPort === toPort ? `${fromPort}` : `${fromPort}-${toPort}`;
  return { ...item, text: text.replace(/ to port \d+,|,/, ` to client ports ${ports},`) };
}

function aclBlocks({ acl, replies }: EndExplanation): Block[] {
  const items = [
    ...(acl === null ? [] : [aclItem(acl)]),
    ...replies.map((each) => replyItem(each, replies.length > 1)),
  ];
  return items.length === 0 ? [] : [{ kind: "list", items }];
}

function recordsText({ records }: OtherEndExplanation): string {
  if (records.length === 0) return "none in the logs that were read";
  const shown = records
    .slice(0, RECORDS_SHOWN)
    .map(
      ({ file, line, start, direction, action, verdict }) =>
        `${file}:${line} (${direction}, ${timestamp(start)}, ${action ?? "no action"}, here ${verdict})`,
    );
  const rest = records.length - shown.length;
  return [...shown, ...(rest === 0 ? [] : [`and ${counted(rest, "more record")}`])].join("; ");
}

function blocksOf(end: EndExplanation, more: readonly Pair[]): Block[] {
  const { interfaceId, interfaceKnown, groups, reading } = end;
  const none = interfaceKnown === "unknown" ? "not known" : "none";
  const list: Pair[] = [
    ["Interface", `${interfaceId}, ${KNOWN[interfaceKnown]}`],
    ["Groups", groupsText(groups, none)],
    ["Here", rulingCell(end)],
    ...more,
  ];
  return [pairsOf(list), ...(reading === null ? [] : readingBlocks(reading)), ...aclBlocks(end)];
}

function headingOf(end: EndExplanation): string {
  return end.reading === null ? end.direction : openingText(end.reading);
}

/** The interface at the other end, with its records of the connection. */
export function otherEndSection(end: OtherEndExplanation): Section {
  return {
    heading: `Other end, ${end.interfaceId}: ${headingOf(end)}`,
    blocks: blocksOf(end, [["Records", recordsText(end)]]),
  };
}

/** One end of a hypothetical flow. */
export function endSection(end: EndExplanation & { readonly side: "named" | "other" }): Section {
  const name = end.side === "other" ? `Other end, ${end.interfaceId}` : end.interfaceId;
  return { heading: `${name}: ${headingOf(end)}`, blocks: blocksOf(end, []) };
}
