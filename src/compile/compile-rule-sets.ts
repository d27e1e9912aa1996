import * as image from "../contract.js";
import type { Rule, RuleSet } from "../model/rule-set.js";
import type { Timers } from "../model/timers.js";
import { compileImage, type RuleImage } from "./compile-image.js";
import { writeFacts } from "./interface-facts.js";
import { createNames } from "./peers.js";

/** A rule set as the core reads it, with what its numbers stand for. */
export interface CompiledRules {
  /** Self-contained and position independent; laid out by assembly/shared/image.ts. Equal rule sets share one. */
  readonly image: Uint8Array;
  /** By rule number: groups by id, rules in document order, with the synthetic rules of semantics 3.8. */
  readonly rules: readonly Rule[];
  /** By `detail` - 1: peers, groups without a document, entries of network ACLs. One list for all rule sets. */
  readonly names: readonly string[];
  /** By interface index: ids of all rule sets in code-unit order. One list for all of them. */
  readonly interfaceIds: readonly string[];
}

/** Keeps one of equal images, so that a history of few changes costs few images. */
function createImageStore(): (bytes: Uint8Array) => Uint8Array {
  const byChecksum = new Map<number, Uint8Array[]>();
  return (bytes) => {
    const checksum = wordsOf(bytes)[image.IMAGE_OFF_CHECKSUM / 4]!;
    const bucket = byChecksum.get(checksum) ?? [];
    const known = bucket.find((other) => isEqual(other, bytes));
    if (known !== undefined) return known;
    bucket.push(bytes);
    byChecksum.set(checksum, bucket);
    return bytes;
  };
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  const [left, right] = [wordsOf(a), wordsOf(b)];
  return left.length === right.length && left.every((word, index) => word === right[index]);
}

/**
 * Compiles rule sets that judge the same connections. They share one list of interfaces (an interface has the same
 * index in each image) and one of names (equal `detail` = equal text). What decides connections beside the rules,
 * addresses, services, timers, comes from the first rule set that holds the interface. Pure.
 * Cost: that of each distinct rule set alone, and one interface row per image for each interface of any of them.
 * Throws `rule-invalid`, `interface-invalid`, `rule-set-too-large`, `too-many-load-balancer-groups`.
 */
export function compileRuleSets(
  ruleSets: readonly RuleSet[],
  timers: Timers,
): readonly CompiledRules[] {
  const facts = writeFacts(ruleSets, timers);
  const names = createNames();
  const keep = createImageStore();
  const done = new Map<RuleSet, CompiledRules>();
  return ruleSets.map((ruleSet) => {
    const known = done.get(ruleSet);
    if (known !== undefined) return known;
    const { image: bytes, rules }: RuleImage = compileImage(ruleSet, facts, names);
    const compiled = {
      image: keep(bytes),
      rules,
      names: names.list,
      interfaceIds: facts.ids,
    };
    done.set(ruleSet, compiled);
    return compiled;
  });
}
