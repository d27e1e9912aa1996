import { describe, expect, test } from "vitest";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } from "../../src/model/timers.js";
import { type Cause, evaluateInDetail } from "../../src/reference/index.js";
import { flows } from "../support/flow-text.js";
import { buildRuleSet } from "../support/rule-set-builder.js";

const RULES = buildRuleSet({
  groups: { "sg-a": { rules: ["ingress all all 10.1.0.0/16"] } },
  interfaces: {
    "eni-1": { groups: ["sg-a"], addresses: ["10.0.1.10"] },
    "eni-nat": { groups: [], addresses: ["10.0.1.11"] },
  },
});

/** The cause of each record, `null` where there is no disagreement. */
function causes(text: string): (Cause | null)[] {
  const options = { timers: DEFAULT_TIMERS, lookAhead: DEFAULT_LOOK_AHEAD };
  return evaluateInDetail(flows(text), RULES, options).findings.map(({ cause }) => cause);
}

describe("ACCEPT against deny (semantics 8.1)", () => {
  const first = "0+0 eni-1 tcp 10.1.9.9:41000 > 10.0.1.10:80 ACCEPT flags=0\n";
  const denied = (rest: string): Cause | null =>
    causes(`${first}${rest.replace("TO", "> 10.0.1.10:443 ACCEPT")}`).at(-1) ?? null;
  test.each([
    ["299+0 eni-1 tcp 203.0.113.7:41000 TO flags=0", "opened-before-log"],
    ["300+0 eni-1 tcp 203.0.113.7:41000 TO flags=0", "rules-changed-or-incomplete"],
    ["0+0 eni-1 tcp 203.0.113.7:41000 TO flags=2", "rules-changed-or-incomplete"],
    ["0+0 eni-1 tcp 203.0.113.7:41000 TO", "rules-changed-or-incomplete"],
    ["0+0 eni-1 tcp 10.0.7.7:41000 TO flags=2", "address-translated"],
    ["0+0 eni-1 tcp 100.64.0.1:41000 TO flags=2", "address-translated"],
    ["0+0 eni-1 tcp 10.0.7.7:41000 TO flags=2 pkt-srcaddr=10.0.7.7", "rules-changed-or-incomplete"],
    ["0+0 eni-1 tcp 10.0.7.7:41000 > 10.0.1.10:443 - flags=2", null],
    ["0+0 eni-1 tcp 10.0.7.7:41000 > 10.0.1.10:443 REJECT flags=2", null],
  ])("%s", (text, cause) => {
    expect(denied(text)).toBe(cause);
  });
});

describe("REJECT against allow (semantics 8.2)", () => {
  const there = "0+0 eni-1 tcp 10.1.7.7:41000 > 10.0.1.10:443";
  const back = "0+0 eni-1 tcp 10.0.1.10:443 > 10.1.7.7:41000";
  test.each([
    [`${there} REJECT reject-reason=BPA`, "blocked-public-access"],
    [`${there} REJECT reject-reason=EC`, "encryption-control"],
    [`${there} REJECT`, "rules-changed-or-acl"],
    [`${there} ACCEPT\n${there} REJECT`, "acl-suspected"],
    [`${there} ACCEPT\n${back} REJECT`, "acl-strongly-suspected"],
    [`${there} ACCEPT\n${there} REJECT\n${back} REJECT`, "acl-suspected"],
    [`${there} ACCEPT\n${there.replace("0+0", "432000+0")} REJECT`, "late-packet"],
    [`${there} ACCEPT flags=4\n${there.replace("0+0", "200+0")} REJECT flags=0`, "late-packet"],
    [`${back} REJECT flags=0\n${back} ACCEPT flags=18`, null],
    [`${back} ACCEPT flags=18\n${back} REJECT flags=0`, "acl-strongly-suspected"],
    ["0+0 eni-nat tcp 10.1.7.7:41000 > 10.0.1.11:443 REJECT", "rules-changed-or-acl"],
    [`${there} ACCEPT`, null],
  ])("%s", (text, cause) => {
    expect(causes(text).at(-1)).toBe(cause);
  });
});
