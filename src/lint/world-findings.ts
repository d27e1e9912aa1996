// Ingress that everybody, or a good part of the world, may use; and groups that let everything out.
import type { Cidr } from "../model/address.js";
import type { Group, Rule, RuleSet } from "../model/rule-set.js";
import { type Exposure, exposureOf } from "./exposed-services.js";
import {
  count,
  groupSubject,
  idsOf,
  isCarried,
  type LintContext,
  listed,
  RULE_SET,
} from "./lint-context.js";
import { LINT_LEVELS, type LintFinding, type LintLevel } from "./lint-finding.js";
import { peerWord, portsWord, trafficWords } from "./rule-words.js";

/** Blocks this short hold public addresses of very many owners: 10.0.0.0/8 and fc00::/7 are longer, or private. */
const WIDE: Readonly<Record<4 | 6, number>> = { 4: 7, 6: 16 };
/** fc00::/7 and fe80::/10 as first bytes: never reached from outside. */
const PRIVATE6_FROM = 0xfcn << 120n;

function isWorld({ length }: Cidr): boolean {
  return length === 0;
}

function isWide({ address, length }: Cidr): boolean {
  if (length > WIDE[address.family]) return false;
  return address.family === 4 || address.value < PRIVATE6_FROM;
}

function blocksOf({ peer, stale }: Rule, lists: RuleSet["prefixLists"]): readonly Cidr[] {
  if (stale || peer.kind === "group") return [];
  return peer.kind === "cidr" ? [peer.cidr] : (lists.get(peer.id)?.cidrs ?? []);
}

/** A service with the rules that open it. */
interface Opened {
  readonly rules: readonly Rule[];
  readonly exposure: Exposure;
}

/**
 * One finding for each service of the group, whatever the number of rules that open it; what is only noted comes in one,
 * and not at all where no interface carries the group. O(rules).
 */
export function worldFindings(group: Group, context: LintContext): LintFinding[] {
  const { prefixLists } = context.ruleSet;
  const byService = new Map<string, Rule[]>();
  for (const rule of group.rules) {
    if (rule.direction !== "ingress" || !blocksOf(rule, prefixLists).some(isWide)) continue;
    const key = `${rule.protocol} ${portsWord(rule)}`;
    const known = byService.get(key);
    if (known === undefined) byService.set(key, [rule]);
    else known.push(rule);
  }
  const opened = [...byService.values()].flatMap((rules): Opened[] => {
    const exposure = exposureOf(rules[0]!);
    return exposure === undefined ? [] : [{ rules, exposure }];
  });
  const grave = opened.filter(({ exposure }) => exposure.level !== "note");
  const noted = opened.filter(({ exposure }) => exposure.level === "note");
  const idle = context.knowsInterfaces && !isCarried(context, group.id);
  return [
    ...grave.map(({ rules, exposure }) => worldFinding(group, rules, exposure, idle, prefixLists)),
    ...(idle ? [] : publicFindings(group, noted, prefixLists)),
  ];
}

function publicFindings(
  group: Group,
  noted: readonly Opened[],
  lists: RuleSet["prefixLists"],
): LintFinding[] {
  const [first] = noted;
  if (first === undefined) return [];
  const rules = noted.flatMap((opened) => opened.rules);
  if (noted.length === 1) return [worldFinding(group, rules, first.exposure, false, lists)];
  const services = listed(noted.map((opened) => trafficWords(opened.rules[0]!)));
  return [
    {
      ...worldFinding(group, rules, first.exposure, false, lists),
      message: `${services} are open to ${extent(rules, lists)}`,
    },
  ];
}

function worldFinding(
  group: Group,
  rules: readonly Rule[],
  exposure: Exposure,
  idle: boolean,
  lists: RuleSet["prefixLists"],
): LintFinding {
  const what = exposure.what === "" ? "" : ` (${exposure.what})`;
  const unused = idle ? "; no interface carries the group" : "";
  return {
    code: "world-open",
    level: idle ? milder(exposure.level) : exposure.level,
    subject: groupSubject(group),
    ruleIds: idsOf(rules),
    relatedIds: [],
    at: rules[0]!.at,
    message: `${trafficWords(rules[0]!)}${what} is open to ${extent(rules, lists)}${unused}`,
    advice: adviceFor(exposure),
  };
}

function extent(rules: readonly Rule[], lists: RuleSet["prefixLists"]): string {
  const peers = listed([...new Set(rules.map(({ peer }) => peerWord(peer)))]);
  const blocks = rules.flatMap((rule) => blocksOf(rule, lists)).filter(isWide);
  if (blocks.some(isWorld)) return `everybody: ${peers}`;
  const share = (family: 4 | 6): number =>
    blocks
      .filter(({ address }) => address.family === family)
      .reduce((sum, { length }) => sum + 2 ** -length, 0);
  const most = Math.max(share(4), share(6));
  const words =
    most >= 1 ? "everybody in parts" : `${(most * 100).toPrecision(2)} % of all addresses`;
  return `${words}: ${peers}`;
}

function milder(level: LintLevel): LintLevel {
  return LINT_LEVELS[Math.min(LINT_LEVELS.indexOf(level) + 1, LINT_LEVELS.length - 1)]!;
}

function adviceFor({ level, what }: Exposure): string {
  if (level === "note") return "Right for a public service; else limit the peers.";
  if (what.startsWith("every port"))
    return "Name the ports that are served, and the peers that need them.";
  return "Limit it to the peers that need it: a group, a prefix list, or the blocks of an office or VPN.";
}

/** One note for the whole rule set: AWS's default for new groups is no fault of one of them. */
export function egressFindings(context: LintContext): LintFinding[] {
  const opens = ({ direction, protocol, peer, stale }: Rule): boolean =>
    direction === "egress" &&
    protocol === -1 &&
    !stale &&
    peer.kind === "cidr" &&
    peer.cidr.length === 0;
  const groups = [...context.ruleSet.groups.values()].filter(
    (group) =>
      group.rules.some(opens) && (!context.knowsInterfaces || isCarried(context, group.id)),
  );
  const [first] = groups;
  if (first === undefined) return [];
  return [
    {
      code: "egress-open",
      level: "note",
      subject: RULE_SET,
      ruleIds: groups.flatMap((group) => idsOf(group.rules.filter(opens))),
      relatedIds: [],
      at: first.rules.find(opens)!.at,
      message: `${count(groups.length, "group lets", "groups let")} everything out to everybody, as AWS's default does`,
      advice: "Where data must not leave, name the destinations that are needed.",
    },
  ];
}
