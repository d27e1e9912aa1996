// Logs and rule sets said in another way: the same records in other files and orders, the same rules in other groups.
import type { Group, RuleSet } from "../../src/model/rule-set.js";
import type { EngineFile } from "../support/engines.js";

export type Random = () => number;

export function shuffled<T>(list: readonly T[], random: Random): T[] {
  const result = [...list];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}

/** The first line of a log, and the others. */
export interface Lines {
  readonly header: string;
  readonly lines: readonly string[];
}

export function linesOf(text: string): Lines {
  const [header = "", ...lines] = text.trimEnd().split("\n");
  return { header, lines };
}

/** The lines in runs of random length, each run a file of its own. */
export function cutIntoFiles({ header, lines }: Lines, random: Random): EngineFile[] {
  const files: EngineFile[] = [];
  for (let at = 0; at < lines.length; ) {
    const length = 1 + Math.floor((random() * random() * lines.length) / 2);
    const name = `part-${files.length}.log`;
    files.push({ name, text: `${[header, ...lines.slice(at, at + length)].join("\n")}\n` });
    at += length;
  }
  return files;
}

/** Groups in another order, and in each of them the rules. */
export function withShuffledRules(ruleSet: RuleSet, random: Random): RuleSet {
  const groups = shuffled([...ruleSet.groups.entries()], random).map(
    ([id, group]) => [id, { ...group, rules: shuffled(group.rules, random) }] as const,
  );
  return { ...ruleSet, groups: new Map(groups) };
}

/**
 * Every group with a VPC in two halves that stand on the same interfaces, the second one under another id. No peer names
 * it, so who is a member of what stays the same. EC2-Classic groups stay whole: without egress rules they admit all.
 */
export function withHalvedGroups(ruleSet: RuleSet): RuleSet {
  const groups = new Map<string, Group>();
  for (const [id, group] of ruleSet.groups) {
    if (group.vpcId === undefined) {
      groups.set(id, group);
      continue;
    }
    const middle = Math.ceil(group.rules.length / 2);
    groups.set(id, { ...group, rules: group.rules.slice(0, middle) });
    groups.set(`${id}-half`, { ...group, id: `${id}-half`, rules: group.rules.slice(middle) });
  }
  const halves = (id: string): readonly string[] =>
    groups.has(`${id}-half`) ? [id, `${id}-half`] : [id];
  const interfaces = new Map(
    [...ruleSet.interfaces].map(
      ([id, face]) => [id, { ...face, groupIds: face.groupIds.flatMap(halves) }] as const,
    ),
  );
  return { ...ruleSet, groups, interfaces, attach: ruleSet.attach.flatMap(halves) };
}

/** Interfaces without idle timers of their own. */
export function withoutTimers(ruleSet: RuleSet): RuleSet {
  const interfaces = new Map(
    [...ruleSet.interfaces].map(([id, { timers: _, ...face }]) => [id, face] as const),
  );
  return { ...ruleSet, interfaces };
}
