import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import type { CompiledRules } from "../../src/compile/compile-rule-sets.js";
import * as contract from "../../src/contract.js";
import type { Address } from "../../src/model/address.js";
import { REASONS, type Reason, VERDICTS, type Verdict } from "../../src/model/verdict.js";

export type Target = "debug" | "release";
export const TARGETS: readonly Target[] = ["debug", "release"];

/** What the matcher's module exports, beside the contract's constants. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  reserve(bytes: number): number;
  release(ptr: number, bytes: number): void;
  arenaUsed(): number;
  imageIsValid(image: number, bytes: number): number;
  matcherCreate(image: number, bytes: number): number;
  matcherFree(matcher: number): void;
  matcherReserve(matcher: number): number;
  interfaceCount(matcher: number): number;
  interfaceRow(matcher: number, index: number): number;
  isLocal(matcher: number, index: number, family: number, high: bigint, low: bigint): number;
  hasAddresses(matcher: number, index: number): number;
  isService(matcher: number, index: number, high: bigint, low: bigint): number;
  defaultPolicy(matcher: number, direction: number): number;
  policyAnswers(matcher: number, policy: number): number;
  nlbSlotCount(matcher: number, policy: number): number;
  nlbInterfaceCount(matcher: number, policy: number, slot: number): number;
  nlbInterface(matcher: number, policy: number, slot: number, i: number): number;
  classify(
    matcher: number,
    policy: number,
    high: bigint,
    low: bigint,
    protocol: number,
    port: number,
    time: number,
    nlbMask: bigint,
  ): number;
  outcomePtr(matcher: number, index: number): number;
  outcomeCount(matcher: number): number;
  ruleSetPtr(matcher: number, id: number): number;
  ruleSetCount(matcher: number): number;
}

/** One side of an outcome, with names instead of numbers. */
export interface Side {
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly detail: string;
}

export interface Outcome {
  readonly rules: readonly string[];
  readonly accepted: Side;
  readonly rejected: Side;
  readonly nlbAsk: bigint;
  /** This policy's half of "untracked" (semantics 6.1). */
  readonly isOpen: boolean;
}

function newestSource(folder: string): number {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestSource(path) : statSync(path).mtimeMs);
  }
  return newest;
}

function flagsOf(options: Record<string, unknown>): string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    if (value === true) return [`--${name}`];
    if (value === false) return [];
    return [`--${name}`, Array.isArray(value) ? value.join(",") : String(value)];
  });
}

/** Path of the built module; built with the project's own options when a source is newer. */
export function buildMatch(target: Target, kind: "wasm" | "wat" = "wasm"): string {
  const stem = target === "debug" ? "build/match.debug" : "build/match";
  const path = `${stem}.${kind}`;
  const built = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = ["assembly/match", "assembly/memory", "assembly/shared"].map(newestSource);
  if (built > Math.max(...sources, statSync("assembly/match-entry.ts").mtimeMs)) return path;
  mkdirSync("build", { recursive: true });
  const config = JSON.parse(readFileSync("asconfig.json", "utf8"));
  const { outFile: _out, textFile: _text, ...own } = config.targets[target];
  // Test files run side by side: each builds under a name of its own, and renaming is atomic.
  const mine = `${stem}.${process.pid}`;
  const args = [
    "assembly/match-entry.ts",
    "--config",
    "none",
    ...flagsOf({ ...config.options, ...own }),
  ];
  args.push("--outFile", `${mine}.wasm`, "--textFile", `${mine}.wat`);
  const run = spawnSync(process.execPath, ["node_modules/assemblyscript/bin/asc.js", ...args], {
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(`asc failed:\n${run.stdout}${run.stderr}`);
  renameSync(`${mine}.wat`, `${stem}.wat`);
  renameSync(`${mine}.wasm`, `${stem}.wasm`);
  return path;
}

export function instantiateMatch(target: Target): Exports {
  const module = new WebAssembly.Module(readFileSync(buildMatch(target)));
  return new WebAssembly.Instance(module, {}).exports as unknown as Exports;
}

const MASK64 = 0xffffffffffffffffn;

function highOf(address: Address): bigint {
  return address.family === 4 ? 0n : address.value >> 64n;
}

function lowOf(address: Address): bigint {
  return address.family === 4 ? 0xffff00000000n | address.value : address.value & MASK64;
}

/** A matcher in a module of its own, or beside others in `shared`. */
export class MatchCore {
  readonly exports: Exports;
  readonly matcher: number;
  readonly compiled: CompiledRules;
  readonly #image: number;

  constructor(target: Target, compiled: CompiledRules, shared?: Exports) {
    this.exports = shared ?? instantiateMatch(target);
    this.compiled = compiled;
    this.#image = this.exports.reserve(compiled.image.length);
    new Uint8Array(this.exports.memory.buffer).set(compiled.image, this.#image);
    this.matcher = this.exports.matcherCreate(this.#image, compiled.image.length);
    if (this.matcher === 0) throw new Error("matcherCreate refused the image");
  }

  free(): void {
    this.exports.matcherFree(this.matcher);
    this.exports.release(this.#image, this.compiled.image.length);
  }

  field(interfaceId: string, offset: number): number {
    const index = this.compiled.interfaceIds.indexOf(interfaceId);
    const row = this.exports.interfaceRow(this.matcher, index);
    return this.#view().getUint32(row + offset, true);
  }

  policyOf(interfaceId: string, direction: "ingress" | "egress"): number {
    const offset =
      direction === "ingress" ? contract.IMAGE_INTERFACE_INGRESS : contract.IMAGE_INTERFACE_EGRESS;
    return this.field(interfaceId, offset);
  }

  aclOf(interfaceId: string, direction: "ingress" | "egress"): number {
    const { IMAGE_INTERFACE_ACL_INGRESS, IMAGE_INTERFACE_ACL_EGRESS } = contract;
    const isIngress = direction === "ingress";
    return this.field(
      interfaceId,
      isIngress ? IMAGE_INTERFACE_ACL_INGRESS : IMAGE_INTERFACE_ACL_EGRESS,
    );
  }

  /** Interface ids per NLB slot of the policy. */
  slotsOf(policy: number): string[][] {
    const slots: string[][] = [];
    for (let slot = 0; slot < this.exports.nlbSlotCount(this.matcher, policy); slot++) {
      const count = this.exports.nlbInterfaceCount(this.matcher, policy, slot);
      const ids = Array.from({ length: count }, (_, i) => {
        const index = this.exports.nlbInterface(this.matcher, policy, slot, i);
        return this.compiled.interfaceIds[index]!;
      });
      slots.push(ids);
    }
    return slots;
  }

  isLocal(interfaceId: string, address: Address): boolean {
    const index = this.compiled.interfaceIds.indexOf(interfaceId);
    const { family } = address;
    return this.exports.isLocal(this.matcher, index, family, highOf(address), lowOf(address)) !== 0;
  }

  isService(interfaceId: string | null, address: Address): boolean {
    const index =
      interfaceId === null ? 0xffffffff : this.compiled.interfaceIds.indexOf(interfaceId);
    return this.exports.isService(this.matcher, index, highOf(address), lowOf(address)) !== 0;
  }

  /** Number of the outcome; makes room as a host would. */
  ask(
    policy: number,
    remote: Address,
    protocol: number,
    port: number,
    time = 0,
    mask = 0n,
  ): number {
    const { classify, matcherReserve } = this.exports;
    for (let round = 0; round < 32; round++) {
      const args = [highOf(remote), lowOf(remote), protocol, port, time, mask] as const;
      const outcome = classify(this.matcher, policy, ...args) >>> 0;
      if (outcome !== 0xffffffff) return outcome;
      if (matcherReserve(this.matcher) !== 0) throw new Error("out of memory");
    }
    throw new Error("matcherReserve makes no room");
  }

  outcome(index: number): Outcome {
    const view = this.#view();
    const row = this.exports.outcomePtr(this.matcher, index);
    const set = this.exports.ruleSetPtr(
      this.matcher,
      view.getUint32(row + contract.OUTCOME_RULE_SET, true),
    );
    const rules = Array.from({ length: view.getUint32(set, true) }, (_, i) => {
      return this.compiled.rules[view.getUint32(set + 4 + i * 4, true)]!.id;
    });
    const side = (verdict: number, reason: number, detail: number): Side => ({
      verdict: VERDICTS[view.getUint8(row + verdict)]!,
      reason: REASONS[view.getUint8(row + reason)]!,
      detail: this.compiled.names[view.getUint32(row + detail, true) - 1] ?? "",
    });
    return {
      rules,
      accepted: side(
        contract.OUTCOME_ACCEPTED_VERDICT,
        contract.OUTCOME_ACCEPTED_REASON,
        contract.OUTCOME_ACCEPTED_DETAIL,
      ),
      rejected: side(
        contract.OUTCOME_REJECTED_VERDICT,
        contract.OUTCOME_REJECTED_REASON,
        contract.OUTCOME_REJECTED_DETAIL,
      ),
      nlbAsk: view.getBigUint64(row + contract.OUTCOME_NLB_ASK, true),
      isOpen: view.getUint8(row + contract.OUTCOME_TRACKING) === 1,
    };
  }

  classify(
    policy: number,
    remote: Address,
    protocol: number,
    port: number,
    time = 0,
    mask = 0n,
  ): Outcome {
    return this.outcome(this.ask(policy, remote, protocol, port, time, mask));
  }

  #view(): DataView {
    return new DataView(this.exports.memory.buffer);
  }
}
