import type { Judgement } from "../../src/model/record.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import {
  type Counters,
  evaluateInDetail,
  type ReferenceOptions,
} from "../../src/reference/index.js";
import { readLogText } from "./log-text.js";
import { wasmEngine } from "./wasm-engine.js";

export interface EngineFile {
  readonly name: string;
  readonly text: string;
}

/** The counters every engine gives; what else is asked is counted from the judgements. */
export type EngineCounters = Pick<
  Counters,
  "noData" | "skipData" | "connections" | "openingsAssumed" | "causes"
>;

export interface EngineAnswer {
  /** In the order of the files as given and of their lines; records of status OK. */
  readonly judgements: readonly Judgement[];
  readonly counters: EngineCounters;
  /** Malformed lines by reason. */
  readonly malformed: Readonly<Record<string, number>>;
}

/** An implementation of the law. The conformance and differential suites run on each. */
export interface Engine {
  readonly name: string;
  readonly evaluate: (
    files: readonly EngineFile[],
    ruleSet: RuleSet,
    options: ReferenceOptions,
  ) => EngineAnswer | Promise<EngineAnswer>;
}

export const REFERENCE: Engine = { name: "reference", evaluate: evaluateByReference };

export const ENGINES: readonly Engine[] = [REFERENCE, wasmEngine("debug"), wasmEngine("release")];

function evaluateByReference(
  files: readonly EngineFile[],
  ruleSet: RuleSet,
  options: ReferenceOptions,
): EngineAnswer {
  const { records, malformed } = readLogText(files);
  const { findings, counters } = evaluateInDetail(records, ruleSet, options);
  return { judgements: findings.map(({ judgement }) => judgement), counters, malformed };
}
