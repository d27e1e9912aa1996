// The simulator's own firewall rules: flat rows, scanned one after the other. Shares nothing with src/compile and
// src/reference, so that their mistakes cannot hide here. Prefix lists are written out; a group peer asks which
// interface the packet came from, not its address.
import { parseCidr } from "../model/address.js";
import { permissionTraffic } from "./account-rule-set.js";
import type { AccountSpec } from "./account-spec.js";
import { addressWords, maskWords } from "./address-words.js";

// One row: protocol, ports, ICMP type, peer family (0 = a group), then four address and four mask words; for a group
// the first word is its index. Codes are always any in the accounts made here.
export const RULE_PROTOCOL = 0;
export const RULE_FROM = 1;
export const RULE_TO = 2;
const RULE_ICMP = 3;
export const RULE_FAMILY = 4;
export const RULE_ADDRESS = 5;
export const RULE_MASK = 9;
/** Network bits of the block. */
export const RULE_LENGTH = 13;
const STRIDE = 14;

/** All rules of one direction of the groups an interface carries. */
export interface RuleTable {
  readonly count: number;
  readonly rows: Int32Array;
}

export interface Policy {
  readonly ingress: RuleTable;
  readonly egress: RuleTable;
}

/** First word of a rule's row. */
export function ruleRow(rule: number): number {
  return rule * STRIDE;
}

function compileTable(
  spec: AccountSpec,
  groups: readonly number[],
  direction: "ingress" | "egress",
): RuleTable {
  const rows: number[] = [];
  for (const group of groups)
    for (const permission of spec.groups[group]!.permissions) {
      if (permission.direction !== direction) continue;
      const { protocol, fromPort, toPort, icmpType } = permissionTraffic(permission);
      const head = [protocol, fromPort, toPort, icmpType];
      const listed = permission.lists.flatMap((list) => spec.prefixLists[list]!.cidrs);
      for (const text of [...permission.v4, ...permission.v6, ...listed]) {
        const cidr = parseCidr(text);
        const words = [...addressWords(cidr.address), ...maskWords(cidr)];
        rows.push(...head, cidr.address.family, ...words, cidr.length);
      }
      for (const peer of permission.groups) rows.push(...head, 0, peer, 0, 0, 0, 0, 0, 0, 0, 0);
    }
  return { count: rows.length / STRIDE, rows: Int32Array.from(rows) };
}

export function compilePolicy(spec: AccountSpec, groups: readonly number[]): Policy {
  return {
    ingress: compileTable(spec, groups, "ingress"),
    egress: compileTable(spec, groups, "egress"),
  };
}

/** What a rule is asked: mutable, filled anew for each question so that the hot path allocates nothing. */
export interface Question {
  protocol: number;
  /** Destination port of the packet's direction. */
  port: number;
  icmpType: number;
  family: number;
  /** Where the remote address stands: four words from `offset` on. */
  words: Int32Array;
  offset: number;
  /** Groups of the interface that owns the remote address, and of a balancer that kept the client's address. */
  remoteGroups: readonly number[];
  balancerGroups: readonly number[];
}

/** Whether one rule admits the packet (semantics 3.2-3.4). */
function ruleAdmits(table: RuleTable, rule: number, question: Question): boolean {
  const { rows } = table;
  const row = rule * STRIDE;
  const protocol = rows[row]!;
  if (protocol !== -1) {
    if (protocol !== question.protocol) return false;
    if (protocol === 6 || protocol === 17) {
      if (question.port < rows[row + RULE_FROM]! || question.port > rows[row + RULE_TO]!)
        return false;
    } else if (protocol === 1 || protocol === 58) {
      const type = rows[row + RULE_ICMP]!;
      if (type !== -1 && type !== question.icmpType) return false;
    }
  }
  const family = rows[row + RULE_FAMILY]!;
  if (family === 0) {
    const group = rows[row + RULE_ADDRESS]!;
    return question.remoteGroups.includes(group) || question.balancerGroups.includes(group);
  }
  if (family !== question.family) return false;
  const { words, offset } = question;
  for (let i = 0; i < (family === 4 ? 1 : 4); i++)
    if (((words[offset + i]! ^ rows[row + RULE_ADDRESS + i]!) & rows[row + RULE_MASK + i]!) !== 0)
      return false;
  return true;
}

/** Whether any rule admits the packet. Cost: all rules of the table in the worst case. */
export function admits(table: RuleTable, question: Question): boolean {
  for (let rule = 0; rule < table.count; rule++) if (ruleAdmits(table, rule, question)) return true;
  return false;
}
