import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Judgement } from "../../src/model/record.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import type { Timeline } from "../../src/model/timeline.js";
import {
  DEFAULT_LOOK_AHEAD,
  DEFAULT_TIMERS,
  type LookAhead,
  type Timers,
} from "../../src/model/timers.js";
import type { LogOptions } from "../../src/reference/index.js";
import { loadRuleSet } from "../../src/rules/index.js";
import type { EngineFile } from "../support/engines.js";
import { type ExpectedTimelines, readTimelines } from "./timelines.js";

/** What a record must get; only what the claim is about is named. `line` is physical, `file` the first by default. */
export interface ExpectedRecord extends Partial<Omit<Judgement, "record">> {
  readonly line: number;
  readonly file?: string;
  /** The timeline that says so; the first by default. */
  readonly timeline?: string;
}

/** The content of an expected.json. */
export interface Expected {
  readonly claim: string;
  readonly options?: {
    readonly attach?: readonly string[];
    readonly snapshotComplete?: boolean;
    readonly timers?: Partial<Timers>;
    readonly lookAhead?: LookAhead;
    readonly cutOverAt?: number;
  };
  readonly timelines?: ExpectedTimelines;
  readonly records?: readonly ExpectedRecord[];
  readonly counts?: Readonly<Record<string, unknown>>;
  /** By candidate: what it changes, counted in records, connections and bytes. */
  readonly changes?: Readonly<Record<string, object>>;
  /** All rows of openers in canonical order, in the form of `plainOpener`. */
  readonly openers?: readonly object[];
  /** By rule: what the baseline's rules were needed for. */
  readonly hits?: Readonly<Record<string, object>>;
  /** The code of the error with which the log is refused; then nothing is judged. */
  readonly error?: string;
}

export interface ConformanceCase {
  readonly folder: string;
  /** The number of the claim. */
  readonly number: string;
  readonly expected: Expected;
  readonly files: readonly EngineFile[];
  readonly timelines: readonly Timeline[];
  readonly options: LogOptions;
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
  const { attach = [], snapshotComplete = false, ...others } = expected.options ?? {};
  const load = (names: readonly string[] | undefined): RuleSet => {
    const wanted = documents.filter(({ name }) => names === undefined || names.includes(name));
    if (names !== undefined && wanted.length !== names.length)
      throw new Error(`${folder} does not hold all of ${names.join(", ")}`);
    return loadRuleSet(wanted, { attach, snapshotComplete }).ruleSet;
  };
  return {
    folder,
    number: folder.slice(0, folder.indexOf("-")),
    expected,
    files: files.filter(({ name }) => name.endsWith(".log")),
    timelines: readTimelines(expected.timelines, load),
    options: {
      timers: { ...DEFAULT_TIMERS, ...others.timers },
      lookAhead: others.lookAhead ?? DEFAULT_LOOK_AHEAD,
      ...(others.cutOverAt === undefined ? {} : { cutOverAt: others.cutOverAt }),
    },
  };
}

/** The rule set of a case that any engine can judge: one, at all times, without network ACLs. */
export function plainRuleSet({ timelines }: ConformanceCase): RuleSet | undefined {
  const [period, ...further] = timelines.flatMap(({ periods }) => periods);
  return further.length === 0 && period?.ruleSet.acls.size === 0 ? period.ruleSet : undefined;
}
