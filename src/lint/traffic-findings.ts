// Rules that AWS refuses, or reads otherwise than they are written.
import type { Group, Rule } from "../model/rule-set.js";
import { groupSubject, type LintContext } from "./lint-context.js";
import type { LintFinding } from "./lint-finding.js";
import { knownBlocks } from "./membership.js";
import { ruleWords } from "./rule-words.js";
import { ICMP, ICMPV6, TCP, UDP } from "./service-axis.js";

type Told = Pick<LintFinding, "code" | "level" | "message" | "advice">;

/** O(rules + members of groups that ICMP rules name). */
export function trafficFindings(group: Group, context: LintContext): LintFinding[] {
  return group.rules.flatMap((rule) =>
    [icmpPair(rule), icmpFamily(rule, context), ignoredPorts(rule)].flatMap((told) =>
      told === undefined
        ? []
        : [
            {
              ...told,
              subject: groupSubject(group),
              ruleIds: [rule.id],
              relatedIds: [],
              at: rule.at,
            },
          ],
    ),
  );
}

function isIcmp({ protocol }: Rule): boolean {
  return protocol === ICMP || protocol === ICMPV6;
}

function icmpPair(rule: Rule): Told | undefined {
  if (!isIcmp(rule) || rule.icmpType >= 0 || rule.icmpCode < 0) return undefined;
  return {
    code: "icmp-pair",
    level: "error",
    message: `${ruleWords(rule)} has code ${rule.icmpCode} without a type: AWS refuses it`,
    advice: "Write -1 and -1 for every type, or name the type that the code belongs to.",
  };
}

/** IPv4 hosts speak ICMP, IPv6 hosts ICMPv6: the other combination admits nothing. */
function icmpFamily(rule: Rule, { ruleSet, members }: LintContext): Told | undefined {
  if (!isIcmp(rule)) return undefined;
  const blocks = knownBlocks(rule, ruleSet, members) ?? [];
  const wrong = rule.protocol === ICMP ? 6 : 4;
  if (blocks.length === 0 || blocks.some(({ address }) => address.family !== wrong))
    return undefined;
  // A group may get an address of the other family; a block never does.
  if (rule.peer.kind === "group") return undefined;
  const right = rule.protocol === ICMP ? "icmpv6" : "icmp";
  return {
    code: "icmp-family",
    level: "warning",
    message: `${ruleWords(rule)} admits nothing: IPv${wrong} uses ${right}`,
    advice: `Write ${right}${rule.icmpType >= 0 ? "; its types have other numbers (echo is 8 in icmp, 128 in icmpv6)" : ""}.`,
  };
}

function ignoredPorts(rule: Rule): Told | undefined {
  const hasPorts = rule.protocol === TCP || rule.protocol === UDP || isIcmp(rule);
  if (hasPorts || (rule.fromPort <= 0 && rule.toPort >= 65_535)) return undefined;
  return {
    code: "ports-ignored",
    level: "warning",
    message: `${ruleWords(rule)} names the ports ${rule.fromPort}-${rule.toPort}, which AWS ignores: only tcp and udp have ports`,
    advice:
      rule.protocol === -1
        ? "Name tcp or udp: as it stands every port is open."
        : "Leave the ports out.",
  };
}
