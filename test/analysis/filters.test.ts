import { expect, test } from "vitest";
import type { RecordFilter } from "../../src/analysis/index.js";
import { buildRuleSet } from "../support/rule-set-builder.js";
import { coreOf, runCore } from "../support/wasm-engine.js";

const LOG = ["eni-1", "eni-2", "eni-new"]
  .map(
    (id, i) =>
      `2 1 ${id} 10.0.0.9 10.0.0.${i + 1} 40000 443 6 1 60 1700000100 1700000160 ACCEPT OK`,
  )
  .join("\n");
const RULE_SET = buildRuleSet({
  groups: { "sg-a": { rules: ["ingress tcp 443 10.0.0.0/8"] }, "sg-b": {} },
  interfaces: {
    "eni-1": { groups: ["sg-a"], addresses: ["10.0.0.1"], vpcId: "vpc-1" },
    "eni-2": { groups: ["sg-b"], addresses: ["10.0.0.2"], vpcId: "vpc-2" },
  },
  attach: ["sg-a"],
});

async function judgedWith(filter: RecordFilter): Promise<readonly number[]> {
  const core = await coreOf("release");
  const { judged } = await runCore([{ name: "a.log", text: LOG }], {
    core,
    ruleSet: RULE_SET,
    filter,
  });
  return judged.map(({ line }) => line).sort();
}

test.each<[string, RecordFilter, readonly number[]]>([
  ["nothing", {}, [1, 2, 3]],
  ["an interface", { interfaces: ["eni-2"] }, [2]],
  ["an interface no document names", { interfaces: ["eni-new"] }, [3]],
  ["a group: its interfaces, and those it is attached to", { groups: ["sg-a"] }, [1, 3]],
  ["a group that is not attached", { groups: ["sg-b"] }, [2]],
  ["a VPC: nobody knows that of other interfaces", { vpcs: ["vpc-1"] }, [1]],
  ["a group in a VPC", { groups: ["sg-a"], vpcs: ["vpc-1"] }, [1]],
  ["times", { from: 1_700_000_101 }, []],
])("filters by %s", async (_, filter, lines) => {
  expect(await judgedWith(filter)).toEqual(lines);
});
