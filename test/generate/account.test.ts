import { describe, expect, test } from "vitest";
import { accountDocuments } from "../../src/generate/account-documents.js";
import { accountRuleSet } from "../../src/generate/account-rule-set.js";
import { exampleSnapshot } from "../../src/generate/example-account.js";
import { type AccountOptions, generateAccount } from "../../src/generate/index.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { loadRuleSet } from "../../src/rules/index.js";

/** Everything but the places: the generator read no text, so it has none. */
function withoutPlaces(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [key, withoutPlaces(item)]));
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      key === "at" ? [] : [[key, withoutPlaces(item)]],
    ),
  );
}

function rulesOf(ruleSet: RuleSet, id: string): number {
  const groups = ruleSet.interfaces.get(id)!.groupIds;
  return groups.reduce((sum, group) => sum + ruleSet.groups.get(group)!.rules.length, 0);
}

const SHAPES: readonly AccountOptions[] = [
  {},
  { interfaces: 1, rulesPerInterface: 4 },
  { interfaces: 3, rulesPerInterface: 12, groupsPerInterface: 1 },
  { interfaces: 100, rulesPerInterface: 60, groupsPerInterface: 5, seed: 9 },
  { interfaces: 30, rulesPerInterface: 100 },
  { interfaces: 12, rulesPerInterface: 1000, ipv6Share: 0.5 },
  { interfaces: 8, rulesPerInterface: 10_000, groupsPerInterface: 3 },
];

describe("generateAccount", () => {
  test.each(SHAPES)("documents load into the same rule set: %o", (options) => {
    const { documents, ruleSet } = generateAccount(options);
    const { ruleSet: loaded, warnings } = loadRuleSet(documents);
    expect(warnings).toEqual([]);
    expect([...ruleSet.groups.keys()]).toEqual([...loaded.groups.keys()]);
    expect(withoutPlaces(loaded)).toEqual(withoutPlaces(ruleSet));
  });

  test.each(SHAPES)("every instance has exactly the rules asked for: %o", (options) => {
    const { ruleSet } = generateAccount(options);
    const wanted = options.rulesPerInterface ?? 60;
    const counts = [...ruleSet.interfaces.values()]
      .filter(({ type }) => type === "interface")
      .map(({ id }) => rulesOf(ruleSet, id));
    expect(counts.length).toBeGreaterThan(0);
    expect(new Set(counts)).toEqual(new Set([wanted]));
  });

  test("no two rules are the same, and no two interfaces share an address", () => {
    const { ruleSet } = generateAccount({ interfaces: 10_000, rulesPerInterface: 60 });
    const ids = [...ruleSet.groups.values()].flatMap(({ rules }) => rules.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    const addresses = [...ruleSet.interfaces.values()].flatMap(({ addresses, prefixes }) => [
      ...addresses.map(({ family, value }) => `${family} ${value}`),
      ...prefixes.flatMap(({ address }) =>
        Array.from({ length: 16 }, (_, n) => `4 ${address.value + BigInt(n)}`),
      ),
    ]);
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(ruleSet.interfaces.size).toBe(10_000);
  });

  test("has one of everything", () => {
    const { ruleSet } = generateAccount();
    const interfaces = [...ruleSet.interfaces.values()];
    const peers = [...ruleSet.groups.values()].flatMap(({ rules }) =>
      rules.map((r) => r.peer.kind),
    );
    expect(new Set(peers)).toEqual(new Set(["cidr", "group", "prefix-list"]));
    expect(new Set(interfaces.map(({ type }) => type))).toEqual(
      new Set(["interface", "natGateway", "network_load_balancer"]),
    );
    expect(interfaces.some(({ addresses }) => addresses.length > 3)).toBe(true);
    expect(interfaces.some(({ prefixes }) => prefixes.length > 0)).toBe(true);
    expect(interfaces.some(({ timers }) => timers !== undefined)).toBe(true);
  });

  test("another seed is another account", () => {
    const [one, again, other] = [1, 1, 2].map((seed) => generateAccount({ seed }).documents);
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
  });

  test.each([
    { interfaces: 0 },
    { interfaces: 10_001 },
    { rulesPerInterface: 3 },
    { groupsPerInterface: 6 },
    { ipv6Share: 2 },
    { seed: -1 },
    { seed: 1.5 },
  ])("refuses %o", (options) => {
    expect(() => generateAccount(options)).toThrowError(
      expect.objectContaining({ code: "generate-option" }),
    );
  });
});

test("the example's documents load into its rule set", () => {
  const spec = exampleSnapshot();
  const { ruleSet, warnings } = loadRuleSet(accountDocuments(spec));
  expect(warnings).toEqual([]);
  expect(withoutPlaces(ruleSet)).toEqual(withoutPlaces(accountRuleSet(spec)));
});
