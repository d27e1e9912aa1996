// Which rules of a policy can carry which traffic: connections are made from rules, so that most are admitted.
import type { Policy, RuleTable } from "./firewall.js";
import {
  RULE_FAMILY,
  RULE_FROM,
  RULE_LENGTH,
  RULE_PROTOCOL,
  RULE_TO,
  ruleRow,
} from "./firewall.js";
import type { Random } from "./random.js";
import { TCP_SERVICES, UDP_SERVICES } from "./services.js";

export interface RulePicks {
  readonly ingress: readonly Int32Array[];
  readonly egress: readonly Int32Array[];
}

const PROTOCOLS: readonly number[] = [6, 17, 1, 58];
/** Index of a list: TCP, UDP, ICMP, ICMPv6, others; each for IPv4 and IPv6. */
export function pickList(protocol: number, family: number): number {
  const known = PROTOCOLS.indexOf(protocol);
  return (known < 0 ? PROTOCOLS.length : known) * 2 + (family === 6 ? 1 : 0);
}

function fits(table: RuleTable, rule: number, protocol: number, family: number): boolean {
  const row = ruleRow(rule);
  const own = table.rows[row + RULE_PROTOCOL]!;
  const peer = table.rows[row + RULE_FAMILY]!;
  if (peer !== 0 && peer !== family) return false;
  if (own === -1 || own === protocol) return true;
  return protocol === 0 && !PROTOCOLS.includes(own);
}

function tablePicks(table: RuleTable): Int32Array[] {
  const lists: Int32Array[] = [];
  for (const protocol of [...PROTOCOLS, 0])
    for (const family of [4, 6]) {
      const rules: number[] = [];
      for (let rule = 0; rule < table.count; rule++)
        if (fits(table, rule, protocol, family)) rules.push(rule);
      lists.push(Int32Array.from(rules));
    }
  return lists;
}

export function rulePicks(policy: Policy): RulePicks {
  return { ingress: tablePicks(policy.ingress), egress: tablePicks(policy.egress) };
}

/** A destination port the rule admits: a service where the range is wide. */
export function rulePort(table: RuleTable, rule: number, protocol: number, random: Random): number {
  if (protocol !== 6 && protocol !== 17) return 0;
  const row = ruleRow(rule);
  const any = table.rows[row + RULE_PROTOCOL] === -1;
  const from = any ? 1 : table.rows[row + RULE_FROM]!;
  const to = any ? 65_535 : table.rows[row + RULE_TO]!;
  const services = protocol === 6 ? TCP_SERVICES : UDP_SERVICES;
  if (to - from > 2000)
    for (let attempt = 0; attempt < 3; attempt++) {
      const port = services[random.zipf(services.length)]!;
      if (port >= from && port <= to) return port;
    }
  return from + random.zipf(Math.min(to - from, 400) + 1);
}

/** The rule for every address, or -1: what admits hosts nobody wrote a rule for. */
export function openRule(table: RuleTable, list: Int32Array): number {
  for (const rule of list) {
    const row = ruleRow(rule);
    if (table.rows[row + RULE_FAMILY] === 4 && table.rows[row + RULE_LENGTH] === 0) return rule;
  }
  return -1;
}
