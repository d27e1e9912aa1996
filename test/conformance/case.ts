import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Judgement } from "../../src/model/record.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import {
  DEFAULT_LOOK_AHEAD,
  DEFAULT_TIMERS,
  type LookAhead,
  type Timers,
} from "../../src/model/timers.js";
import type { ReferenceOptions } from "../../src/reference/index.js";
import { loadRuleSet } from "../../src/rules/index.js";
import type { EngineFile } from "../support/engines.js";

/** What a record must get; only what the claim is about is named. `line` is physical, `file` the first by default. */
export interface ExpectedRecord extends Partial<Omit<Judgement, "record">> {
  readonly line: number;
  readonly file?: string;
}

/** The content of an expected.json. */
export interface Expected {
  readonly claim: string;
  readonly options?: {
    readonly attach?: readonly string[];
    readonly snapshotComplete?: boolean;
    readonly timers?: Partial<Timers>;
    readonly lookAhead?: LookAhead;
  };
  readonly records?: readonly ExpectedRecord[];
  readonly counts?: Readonly<Record<string, unknown>>;
  /** The code of the error with which the log is refused; then nothing is judged. */
  readonly error?: string;
}

export interface ConformanceCase {
  readonly folder: string;
  /** The number of the claim. */
  readonly number: string;
  readonly expected: Expected;
  readonly files: readonly EngineFile[];
  readonly ruleSet: RuleSet;
  readonly options: ReferenceOptions;
}

const CASES = fileURLToPath(new URL("cases", import.meta.url));

/** Reads every case folder, in the order of their names. */
export function readCases(): readonly ConformanceCase[] {
  return readdirSync(CASES)
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
    .map(readCase);
}

function readCase(folder: string): ConformanceCase {
  const files = readdirSync(join(CASES, folder)).map((name) => ({
    name,
    text: readFileSync(join(CASES, folder, name), "utf8"),
  }));
  const expectedText = files.find(({ name }) => name === "expected.json")?.text ?? "{}";
  const expected = JSON.parse(expectedText) as Expected;
  const documents = files.filter(({ name }) => name.endsWith(".json") && name !== "expected.json");
  const { attach = [], snapshotComplete = false, timers, lookAhead } = expected.options ?? {};
  return {
    folder,
    number: folder.slice(0, folder.indexOf("-")),
    expected,
    files: files.filter(({ name }) => name.endsWith(".log")),
    ruleSet: loadRuleSet(documents, { attach, snapshotComplete }).ruleSet,
    options: {
      timers: { ...DEFAULT_TIMERS, ...timers },
      lookAhead: lookAhead ?? DEFAULT_LOOK_AHEAD,
    },
  };
}
