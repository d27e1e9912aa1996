import type { Impact } from "../../src/questions/index.js";
import { heldOut, impactOf, tightenGroup } from "../../src/questions/index.js";
import type { TightenAnswer } from "../../src/report/tighten-answer.js";
import { opener } from "../questions/tighten-openers.js";
import { buildRuleSet } from "../support/rule-set-builder.js";
import { BUSY } from "./summary-fixture.js";

const RULE_SET = buildRuleSet({
  groups: {
    "sg-web": {
      rules: [
        "ingress tcp 0-65535 0.0.0.0/0",
        "ingress tcp 22 192.0.2.0/24",
        "egress all all 0.0.0.0/0",
      ],
    },
    "sg-app": {},
  },
  interfaces: {
    "eni-web": { groups: ["sg-web"], addresses: ["10.0.1.1"] },
    "eni-idle": { groups: ["sg-web"], addresses: ["10.0.1.2"] },
    "eni-app1": { groups: ["sg-app"], addresses: ["10.0.2.1"] },
    "eni-app2": { groups: ["sg-app"], addresses: ["10.0.2.7"] },
  },
});

const LEARNT = [
  "eni-web ingress tcp/443 10.0.2.1 x9",
  "eni-web ingress tcp/443 10.0.2.7 x3",
  ...Array.from(
    { length: 14 },
    (_, i) => `eni-web ingress tcp/${8000 + 3 * i} 198.51.100.${7 * i}`,
  ),
];
const LATER = ["eni-web ingress tcp/443 10.0.2.7 x5", "eni-web ingress tcp/9000 203.0.113.5 x2"];
const CUT = 1_700_090_000;

function rows(texts: readonly string[]): ReturnType<typeof opener>[] {
  return texts.map((text) => opener(RULE_SET, text));
}

/** Learnt from fourteen clients and a group of two, within `budget` rules. */
export function tightenAnswer(budget: number): TightenAnswer {
  const suggestion = tightenGroup(rows(LEARNT), RULE_SET, "sg-web", { budget });
  const later = LATER.map((text) =>
    opener([RULE_SET, suggestion.ruleSet], text, {
      changes: [
        text.includes("9000")
          ? { change: "newly-denied", cutOver: "refused" }
          : { change: "unchanged", cutOver: null },
      ],
    }),
  );
  const diff: Impact = impactOf(later, RULE_SET, suggestion.ruleSet, 0, { onlyChanged: true });
  return {
    suggestion,
    present: 3,
    edits: ["revoke sg-web ingress tcp 22 192.0.2.0/24"],
    trial: {
      split: { trainFrom: 1_699_990_000, cut: CUT, end: CUT + 86_400, by: "connections" },
      heldOut: heldOut(suggestion, RULE_SET, later),
      diff,
    },
    summary: BUSY,
    openersDropped: 0,
  };
}

/** The same with nothing held out, and nothing to learn from. */
export function emptyTightenAnswer(): TightenAnswer {
  const suggestion = tightenGroup([], RULE_SET, "sg-web", { budget: 5 });
  const summary = { ...BUSY, partial: false };
  return { ...tightenAnswer(5), suggestion, edits: [], trial: null, summary };
}
