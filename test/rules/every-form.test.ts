// One account in every form means the same rules, and a broken document of each form says where and why.
import { describe, expect, it, test } from "vitest";
import { FlowError } from "../../src/errors.js";
import { V2_FIELDS } from "../../src/logs/index.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } from "../../src/model/timers.js";
import { historyOf, loadHistory, loadRuleSet, type RuleDocument } from "../../src/rules/index.js";
import { REFERENCE } from "../support/engines.js";
import { randomOf } from "../support/random-case.js";
import { wasmEngine } from "../support/wasm-engine.js";
import { ACCOUNT_FORMS, ACCOUNT_LOG } from "./one-account.js";

const FILES = [{ name: "a.log", text: `${V2_FIELDS.join(" ")}\n${ACCOUNT_LOG}\n` }];
const OPTIONS = { timers: DEFAULT_TIMERS, lookAhead: DEFAULT_LOOK_AHEAD };
const ENGINES = [REFERENCE, wasmEngine("release")];

const EXPECTED = [
  "allow rule  sg-web/ingress/tcp/443/0.0.0.0/0",
  "allow reply  sg-web/ingress/tcp/443/0.0.0.0/0",
  "allow rule  sg-web/ingress/tcp/22/pl-office",
  "deny no-rule  ",
  "allow rule  sg-web/egress/tcp/5432/sg-db",
  "allow rule  sg-db/ingress/tcp/5432/sg-web",
  "allow reply  sg-db/ingress/tcp/5432/sg-web",
  "unknown peer-unresolved sg-web ",
  "deny no-rule  ",
  "allow rule  sg-db/egress/tcp/443/10.0.0.0/8",
  "allow not-filtered  ",
  "deny no-rule  ",
];

async function judged(ruleSet: RuleSet): Promise<string[][]> {
  const answers = await Promise.all(
    ENGINES.map(async (engine) => {
      const { judgements } = await engine.evaluate(FILES, ruleSet, OPTIONS);
      return judgements.map(
        ({ verdict, reason, detail, rules }) => `${verdict} ${reason} ${detail} ${rules.join()}`,
      );
    }),
  );
  return answers;
}

describe.each(ACCOUNT_FORMS)("$name", ({ documents, cutsBlocks }) => {
  it("judge every record as all other forms do", async () => {
    for (const answer of await judged(loadRuleSet(documents).ruleSet))
      expect(answer).toEqual(EXPECTED);
  });

  it("do so as a history too", async () => {
    const [only, ...rest] = historyOf(loadHistory({ name: "x", from: 0 }, documents, {}));
    expect(rest).toEqual([]);
    for (const answer of await judged(only!.ruleSet)) expect(answer).toEqual(EXPECTED);
  });

  it("stop where the text ends too soon, with the place", () => {
    const [first] = documents;
    for (const share of [0.3, 0.6, 0.9]) {
      const error = refusal({ ...first!, text: cut(first!, share) });
      expect(error.at).toMatch(new RegExp(`^${first!.name}:\\d+:\\d+$`));
    }
  });

  it("stop at a port that is none, with the place, what was found and what is allowed", () => {
    const [first] = documents;
    const text = first!.text.replace(/\b443\b/g, "70000");
    const { at, message } = refusal({ ...first!, text });
    expect(at).toMatch(new RegExp(`^${first!.name}:\\d+:\\d+$`));
    expect(message).toMatch(/70000/);
    expect(message).toMatch(/65535/);
  });

  it("stop at a block with host bits, and show the block, or take it and say so", () => {
    const withBlock = documents.find(({ text }) => text.includes("10.0.0.0/8"))!;
    const others = documents.filter((each) => each !== withBlock);
    const text = withBlock.text.replaceAll("10.0.0.0/8", "10.0.0.1/8");
    if (cutsBlocks) {
      const { warnings } = loadRuleSet([...others, { ...withBlock, text }]);
      const told = warnings.find(({ code }) => code === "cidr-host-bits");
      expect(told?.message).toContain("10.0.0.0/8");
      return;
    }
    const { at, message, hint } = refusal({ ...withBlock, text }, others);
    expect(at).toMatch(new RegExp(`^${withBlock.name}:\\d+:\\d+$`));
    expect(`${message} ${hint}`).toContain("10.0.0.0/8");
  });
});

describe("a JSON document of each form with one value spoiled", () => {
  const FORMS = ACCOUNT_FORMS.flatMap(({ documents }) => documents).filter(({ text }) =>
    /^\s*[[{]/.test(text),
  );
  test.each(FORMS)("$name loads or is refused with its place", (document) => {
    const random = randomOf(document.text.length);
    const paths = places(JSON.parse(document.text));
    for (let i = 0; i < 400; i++) {
      const path = paths[Math.floor(random() * paths.length)]!;
      const value = LIES[Math.floor(random() * LIES.length)];
      try {
        loadRuleSet([{ ...document, text: spoil(document.text, path, value) }]);
      } catch (error) {
        expect(error, `${path.join(".")} = ${JSON.stringify(value)}`).toBeInstanceOf(FlowError);
        expect((error as FlowError).message).toContain(document.name);
      }
    }
  });
});

const LIES: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 65_536, 1e308, 2 ** 53, "", " ", "-1", "tcp", "256", "10.0.0.1/8"],
  ...["::/0", "sg-a", "eni-1", "ResourceDeleted", "__proto__", "\u0000", "{", [], {}, [[]]],
];

/** Every place of a value, as a path of keys. */
function places(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, part]) => places(part, [...path, key]))];
}

function spoil(text: string, path: readonly string[], value: unknown): string {
  const copy: unknown = JSON.parse(text);
  const last = path.at(-1);
  if (last === undefined) return JSON.stringify(value);
  let at = copy as Record<string, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
  at[last] = value;
  return JSON.stringify(copy);
}

/** JSON anywhere; YAML inside a bracket, because the beginning of a YAML document is one. */
function cut({ text }: RuleDocument, share: number): string {
  const at = Math.floor(text.length * share);
  return /^\s*[[{]/.test(text) ? text.slice(0, at) : text.slice(0, text.indexOf("{", at) + 4);
}

function refusal(document: RuleDocument, others: readonly RuleDocument[] = []): FlowError {
  try {
    loadRuleSet([document, ...others]);
  } catch (error) {
    return error as FlowError;
  }
  throw new Error("nothing was refused");
}
