// Edits as canonical lines, which parseEdits reads back.
import { PROTOCOL_TCP, PROTOCOL_UDP } from "../../contract.js";
import { formatCidr } from "../../model/address.js";
import type { Rule } from "../../model/rule-set.js";
import type { Edit, RuleEdit } from "../edits/edit.js";
import { quoteWord } from "../edits/edit-words.js";
import { formatPeer } from "../rule-draft.js";
import { protocolName, type TrafficNumbers } from "../traffic.js";

/** The words behind the group: `ingress tcp 443 10.0.0.0/8`. */
export function formatRuleWords(
  rule: TrafficNumbers & Pick<RuleEdit, "direction" | "peer">,
): string {
  const words = [rule.direction, protocolName(rule.protocol), portsWord(rule)];
  return `${words.join(" ")} ${quoteWord(formatPeer(rule.peer))}`;
}

function portsWord({ protocol, fromPort, toPort, icmpType, icmpCode }: TrafficNumbers): string {
  if (protocol === PROTOCOL_TCP || protocol === PROTOCOL_UDP) {
    if (fromPort === 0 && toPort === 65_535) return "all";
    return fromPort === toPort ? String(fromPort) : `${fromPort}-${toPort}`;
  }
  if (icmpType < 0) return "all";
  return `${icmpType}/${icmpCode < 0 ? "all" : icmpCode}`;
}

/** One line without its end; a description may hold line breaks of its own. */
export function formatEdit(edit: Edit): string {
  switch (edit.kind) {
    case "authorize":
    case "revoke": {
      const line = `${edit.kind} ${quoteWord(edit.group)} ${formatRuleWords(edit)}`;
      if (edit.description === undefined) return line;
      return `${line} description ${quoteText(edit.description)}`;
    }
    case "revoke-id":
      return `revoke ${quoteWord(edit.group)} ${edit.direction} ${quoteWord(edit.ruleId)}`;
    case "attach":
    case "detach":
      return `${edit.kind} ${quoteWord(edit.interfaceId)} ${quoteWord(edit.group)}`;
    case "delete":
      return `delete ${quoteWord(edit.group)}`;
    case "add-entry":
    case "remove-entry":
      return `${edit.kind} ${quoteWord(edit.list)} ${formatCidr(edit.cidr)}`;
  }
}

function quoteText(text: string): string {
  const quoted = quoteWord(text);
  return quoted === text ? `"${text}"` : quoted;
}

/** The edit that authorises or revokes a rule as it stands. */
export function ruleEdit(kind: RuleEdit["kind"], rule: Rule): RuleEdit {
  const { protocol, fromPort, toPort, icmpType, icmpCode } = rule;
  const described = kind === "authorize" && rule.description !== undefined;
  return {
    kind,
    group: rule.groupId,
    direction: rule.direction,
    protocol,
    fromPort,
    toPort,
    icmpType,
    icmpCode,
    peer: rule.peer,
    ...(described ? { description: rule.description as string } : {}),
    at: rule.at,
  };
}
