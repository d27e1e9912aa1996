// Fan-out over days (semantics 4.3): endpoints whose epochs begin and end many times, between ports that say nothing.
import { describe, expect, test } from "vitest";
import { DEFAULT_TIMERS, type LookAhead } from "../../src/model/timers.js";
import { REFERENCE } from "../support/engines.js";
import { randomOf } from "../support/random-case.js";
import { buildRuleSet } from "../support/rule-set-builder.js";
import { wasmEngine } from "../support/wasm-engine.js";

const SEEDS = Number(process.env.FLOW_SEEDS ?? 6);
const FIRST = Number(process.env.FLOW_FIRST_SEED ?? 1);
const TARGETS = [wasmEngine("debug"), wasmEngine("release")];
const LOOK_AHEADS: readonly LookAhead[] = [
  { slots: 3, minRecords: 1_000_000, maxRecords: 8_000_000 },
  { slots: 30, minRecords: 100, maxRecords: 1000 },
  { slots: 1, minRecords: 0, maxRecords: 20 },
];
const DAYS = 4;

const RULE_SET = buildRuleSet({
  groups: { "sg-a": { rules: ["ingress tcp 5000-5002 0.0.0.0/0", "egress udp all 0.0.0.0/0"] } },
  interfaces: { "eni-1": { groups: ["sg-a"], addresses: ["10.0.0.1"] } },
});

/** Bursts of traffic with hours between them; in each burst another end is the one that many talk to. */
function logOf(seed: number): string {
  const random = randomOf(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const lines: string[] = [];
  for (let burst = 0; burst < 40; burst++) {
    const start = 1_700_000_100 + below(DAYS * 86_400);
    const serves = random() < 0.5;
    const local = 5000 + below(3);
    const remote = 6000 + below(3);
    for (let i = 0; i < 2 + below(12); i++) {
      const far = `10.1.0.${serves ? below(6) : 1}:${serves ? 6000 + below(5) : remote}`;
      const near = `10.0.0.1:${serves ? local : 5000 + below(9)}`;
      const [from, to] = random() < 0.5 ? [far, near] : [near, far];
      const [src, sport] = from.split(":");
      const [dst, dport] = to.split(":");
      const at = start + below(random() < 0.9 ? 900 : 9000);
      const action = random() < 0.9 ? "ACCEPT" : "REJECT";
      const marked = random() < 0.02 ? "80" : dport;
      lines.push(
        `2 1 eni-1 ${src} ${dst} ${sport} ${marked} ${random() < 0.6 ? 6 : 17} 1 40 ${at} ${at + 5} ${action} OK`,
      );
    }
  }
  return lines.join("\n");
}

describe("the core says what the reference says", () => {
  test.each(Array.from({ length: SEEDS }, (_, i) => FIRST + i))("seed %i", async (seed) => {
    const files = [{ name: "a.log", text: logOf(seed) }];
    for (const lookAhead of LOOK_AHEADS) {
      const sorted = [{ name: "a.log", text: files[0]!.text.split("\n").sort(byStart).join("\n") }];
      const options = { timers: DEFAULT_TIMERS, lookAhead };
      const expected = await REFERENCE.evaluate(sorted, RULE_SET, options);
      const grades = new Set(expected.judgements.map(({ grade }) => grade));
      expect(grades).toContain("inferred");
      for (const engine of TARGETS) {
        const found = await engine.evaluate(sorted, RULE_SET, options);
        expect(found.judgements).toEqual(expected.judgements);
        expect(expected.counters).toMatchObject(found.counters);
      }
    }
  });
});

function byStart(a: string, b: string): number {
  return Number(a.split(" ")[10]) - Number(b.split(" ")[10]);
}
