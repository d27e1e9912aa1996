import { type EvaluateOptions, evaluate, type LogInput } from "../../src/analysis/index.js";
import type { Summary } from "../../src/analysis/summary.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { buildRuleSet } from "../support/rule-set-builder.js";
import { type CoreTarget, coreOf } from "../support/wasm-engine.js";

export const TARGETS: readonly CoreTarget[] = ["debug", "release"];

export const V2: string =
  "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status";

/** Two interfaces, one whose addresses are not known; enough for every kind of judgement. */
export const SMALL_RULE_SET: RuleSet = buildRuleSet({
  groups: {
    "sg-a": { rules: ["ingress tcp 443 10.0.0.0/8", "egress all all 0.0.0.0/0"] },
  },
  interfaces: {
    "eni-1": { groups: ["sg-a"], addresses: ["10.0.0.1", "fd00::1"] },
    "eni-2": { groups: ["sg-a"] },
  },
});

/** Bytes as one log, cut into chunks of `chunkBytes`. */
export function bytesInput(name: string, bytes: Uint8Array, chunkBytes = 1 << 20): LogInput {
  return {
    name,
    async *open(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += chunkBytes)
        yield bytes.subarray(at, at + chunkBytes);
    },
  };
}

/** Text as bytes, one byte a character: so that no byte is lost between the core and the reference. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 255);
}

export async function summaryOf(
  target: CoreTarget,
  inputs: readonly LogInput[],
  options: Partial<EvaluateOptions> = {},
): Promise<Summary> {
  return evaluate(inputs, { core: await coreOf(target), ruleSet: SMALL_RULE_SET, ...options });
}

/** One line of the default format; what is not named is harmless. */
export function line(values: Partial<Record<string, string | number>> = {}): string {
  const {
    face = "eni-1",
    src = "10.0.0.9",
    dst = "10.0.0.1",
    sport = 40_000,
    dport = 443,
  } = values;
  const { protocol = 6, packets = 1, bytes = 40, start = 1_700_000_100 } = values;
  const { end = Number(start) + 10, action = "ACCEPT", status = "OK" } = values;
  return `2 111122223333 ${face} ${src} ${dst} ${sport} ${dport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${status}`;
}

/** What every summary must satisfy, whatever the input: nothing is lost, nothing counted twice. */
export function sumsOf({ records, verdicts, reasons, grades, coverage }: Summary): {
  readonly lost: number;
  readonly verdicts: number;
  readonly reasons: number;
  readonly grades: number;
  readonly interfaces: number;
  readonly malformed: number;
} {
  const add = (counts: Readonly<Partial<Record<string, number>>>): number =>
    Object.values(counts).reduce<number>((sum, count) => sum + (count ?? 0), 0);
  const { read, judged, nodata, skipdata, malformed } = records;
  return {
    lost: read - judged - nodata - skipdata - malformed,
    verdicts: add({ ...verdicts }) - judged,
    reasons: add(reasons) - judged,
    grades: add(grades) - judged,
    interfaces: Math.max(
      0,
      coverage.interfaces.list.reduce((sum, face) => sum + face.records, 0) - judged,
    ),
    malformed: add(coverage.malformed.byReason) - malformed,
  };
}

export const NOTHING_LOST: ReturnType<typeof sumsOf> = {
  lost: 0,
  verdicts: 0,
  reasons: 0,
  grades: 0,
  interfaces: 0,
  malformed: 0,
};
