import { expect, it } from "vitest";
import { tightenGroup } from "../../src/questions/tighten.js";
import { buildRuleSet } from "../support/rule-set-builder.js";
import { opener } from "./tighten-openers.js";

it("tightens a group with thousands of peers on hundreds of ports in seconds", () => {
  const ruleSet = buildRuleSet({
    groups: { "sg-web": { rules: ["ingress tcp 0-65535 0.0.0.0/0"] } },
    interfaces: { "eni-web": { groups: ["sg-web"], addresses: ["10.0.1.1"] } },
  });
  const [sample] = [opener(ruleSet, "eni-web ingress tcp/443 10.0.0.1")];
  const openers = Array.from({ length: 20_000 }, (_, i) => ({
    ...sample!,
    port: i % 40 === 0 ? 1024 + (i % 800) : 443,
    remote: { family: 4 as const, value: BigInt(0x0a00_0000 + ((i * 48_271) % 1_000_003)) },
  }));
  const { parts } = tightenGroup(openers, ruleSet, "sg-web", { budget: 60 });
  expect(parts[0]?.suggested.rules).toBeLessThanOrEqual(60);
  expect(parts[0]?.curve.length).toBeGreaterThan(10);
}, 30_000);
