import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluate, evaluateRecords, type LogInput } from "../../src/analysis/index.js";
import type { OverTime } from "../../src/analysis/summary.js";
import { addOverTime, VerdictsOverTime } from "../../src/analysis/verdicts-over-time.js";
import { coreModule } from "../../src/node/core-module.js";
import { buildRuleSet } from "../support/rule-set-builder.js";

type Added = readonly [time: number, counts: readonly [number, number, number]];

function toldOf(list: readonly Added[]): OverTime | null {
  const bins = new VerdictsOverTime(300);
  for (const [time, counts] of list) bins.add(time, counts);
  return bins.told();
}

const added: fc.Arbitrary<Added> = fc.tuple(
  fc.oneof(fc.integer({ min: 1_700_000_000, max: 1_700_100_000 }), fc.nat(4_294_967_295)),
  fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9)),
);

describe("VerdictsOverTime", () => {
  it("loses nothing, in few bins that begin at multiples of their width", () => {
    fc.assert(
      fc.property(fc.array(added, { minLength: 1 }), (list) => {
        const { seconds, first, allow, deny, unknown } = toldOf(list)!;
        expect(allow.length).toBeLessThanOrEqual(120);
        expect(Math.log2(seconds / 300) % 1).toBe(0);
        expect(first % seconds).toBe(0);
        for (const [i, counts] of [allow, deny, unknown].entries()) {
          const wanted = new Array<number>(allow.length).fill(0);
          for (const [time, of] of list) wanted[Math.floor((time - first) / seconds)]! += of[i]!;
          expect(counts).toEqual(wanted);
        }
      }),
    );
  });

  it("is the same, whoever counted which part", () => {
    fc.assert(
      fc.property(fc.array(added), fc.array(added), (a, b) => {
        expect(addOverTime(toldOf(a), toldOf(b))).toEqual(toldOf([...a, ...b]));
      }),
    );
  });

  it("keeps few bins of a log whose times are all over", () => {
    const bins = new VerdictsOverTime(300);
    for (let i = 0; i < 200_000; i++) bins.add(i * 20_000, [1, 0, 0]);
    expect(bins.told()!.allow.reduce((sum, count) => sum + count)).toBe(200_000);
  });
});

describe("coverage.overTime", () => {
  const lines = Array.from({ length: 3_000 }, (_, i) => {
    const start = 1_700_000_000 + ((i * 7919) % 40_000);
    const port = i % 3 === 0 ? 22 : 443;
    return `2 1 eni-1 192.0.2.${i % 200} 10.0.0.1 ${1_024 + i} ${port} 6 1 60 ${start} ${start + 5} ACCEPT OK`;
  });
  const log: LogInput = {
    name: "a.log",
    async *open() {
      yield new TextEncoder().encode(`${lines.join("\n")}\n`);
    },
  };
  const ruleSet = buildRuleSet({
    groups: { "sg-1": { rules: ["ingress tcp 443 0.0.0.0/0"] } },
    interfaces: { "eni-1": { groups: ["sg-1"], addresses: ["10.0.0.1"] } },
  });

  it("counts the records as they are written", async () => {
    const options = { core: await coreModule(), ruleSet };
    const records = evaluateRecords([log], options);
    const list: Added[] = [];
    let step = await records.next();
    while (step.done !== true) {
      const [starts, verdicts] = [step.value.getChild("start")!, step.value.getChild("verdict")!];
      for (let row = 0; row < step.value.numRows; row++) {
        const verdict = String(verdicts.get(row));
        const counts = ["allow", "deny", "unknown"].map((name) => Number(name === verdict));
        list.push([Number(starts.get(row)), counts as [number, number, number]]);
      }
      step = await records.next();
    }
    expect(list.length).toBe(lines.length);
    expect(step.value.coverage.overTime).toEqual(toldOf(list));
    expect((await evaluate([log], options)).coverage.overTime).toEqual(toldOf(list));
  });
});
