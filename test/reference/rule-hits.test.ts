import { expect, test } from "vitest";
import { always } from "../../src/model/timeline.js";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } from "../../src/model/timers.js";
import { judgeTimelines, ruleHits } from "../../src/reference/index.js";
import { flows } from "../support/flow-text.js";
import { buildRuleSet } from "../support/rule-set-builder.js";

const WIDE = "sg-a/ingress/tcp/443/10.0.0.0/8";
const NARROW = "sg-a/ingress/tcp/443/10.0.7.0/24";
const interfaces = { "eni-1": { groups: ["sg-a"], addresses: ["10.0.1.10"] } };
const BOTH = buildRuleSet({
  groups: { "sg-a": { rules: ["ingress tcp 443 10.0.0.0/8", "ingress tcp 443 10.0.7.0/24"] } },
  interfaces,
});
const ONE = buildRuleSet({
  groups: { "sg-a": { rules: ["ingress tcp 443 10.0.7.0/24"] } },
  interfaces,
});

test("hits are told per timeline; a rule that admitted nothing has none", () => {
  const log = flows(`0+60 eni-1 tcp 10.0.7.7:41000 > 10.0.1.10:443 ACCEPT flags=2 bytes=100
    0+60 eni-1 tcp 10.0.1.10:443 > 10.0.7.7:41000 ACCEPT flags=18 bytes=20
    0+60 eni-1 tcp 10.0.8.8:41000 > 10.0.1.10:443 ACCEPT flags=2 bytes=3
    0+60 eni-1 tcp 10.0.8.8:41000 > 10.0.1.10:444 REJECT flags=2 bytes=3`);
  const { openers } = judgeTimelines(log, [always("both", BOTH), always("one", ONE)], {
    timers: DEFAULT_TIMERS,
    lookAhead: DEFAULT_LOOK_AHEAD,
  });
  expect(Object.fromEntries(ruleHits(openers))).toEqual({
    [WIDE]: { openers: 2, soleOpeners: 1, forward: 2, bytes: 123 },
    [NARROW]: { openers: 1, soleOpeners: 0, forward: 1, bytes: 120 },
  });
  expect(Object.fromEntries(ruleHits(openers, 1))).toEqual({
    [NARROW]: { openers: 1, soleOpeners: 1, forward: 1, bytes: 120 },
  });
  expect(ruleHits(openers, 7).size).toBe(0);
});
