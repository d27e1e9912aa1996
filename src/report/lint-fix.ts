// The condensed rule set as edit lines, and what the proof says.

import {
  type CondensedRuleSet,
  type CounterExample,
  type Proof,
  ruleWords,
} from "../lint/index.js";
import { formatAddress } from "../model/address.js";
import { printableLines } from "../model/printable.js";
import { formatEdit, ruleEdit } from "../rules/index.js";
import { counted, grouped, protocolPort } from "./quantity.js";
import { revokeLine } from "./revoke-line.js";

/**
 * Edit lines that turn the rule set into the condensed one, each with its reason above. New rules come before old ones
 * go, so that nothing is ever closed that was open.
 */
export function lintEditLines({ dropped, merged }: CondensedRuleSet): string {
  const lines: string[] = [];
  for (const { into, from } of merged)
    lines.push(
      `# ${ruleWords(into)} replaces ${counted(from.length, "rule")}`,
      printableLines(formatEdit(ruleEdit("authorize", into))),
      ...from.map(revokeLine),
    );
  for (const { rule, by } of dropped) {
    const covers = by.length === 1 ? ruleWords(by[0]!) : `${counted(by.length, "rule")} together`;
    lines.push(`# ${ruleWords(rule)} is covered by ${covers}`, revokeLine(rule));
  }
  return lines.map((line) => `${line}\n`).join("");
}

function counterWords(example: CounterExample): string {
  const { protocol, port, icmpType, icmpCode, address, member, direction, groupIds } = example;
  const type = icmpType === null ? "" : ` type ${icmpType} code ${icmpCode}`;
  const of = member === null ? "" : `, a member of ${member},`;
  const side = direction === "ingress" ? "from" : "to";
  return `${groupIds.join(", ")}: ${direction} ${protocolPort(protocol, port)}${type} ${side} ${formatAddress(address)}${of}`;
}

/** What the proof says, as sentences. */
export function proofSentence(proof: Proof): string {
  const { equal, per, classes, policies, counterExample } = proof;
  const compared =
    per === "group"
      ? counted(policies, "group")
      : `${counted(policies, "combination")} of groups on interfaces`;
  if (equal || counterExample === undefined)
    return `Proved equivalent: ${grouped(classes)} classes of packets compared (addresses × protocols, ports and ICMP types, both directions) in ${compared}; all are admitted and tracked as before, whoever belongs to a group or prefix list.`;
  const { about, before, after } = counterExample;
  const word = (yes: boolean): string => {
    if (about === "admission") return yes ? "admitted" : "not admitted";
    return yes ? "untracked" : "tracked";
  };
  return `Not equivalent: ${counterWords(counterExample)} is ${word(before)} before and ${word(after)} after.`;
}
