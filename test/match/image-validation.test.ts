import { describe, expect, it } from "vitest";
import { checksumOf } from "../../src/compile/assemble.js";
import * as contract from "../../src/contract.js";
import { DEFAULT_TIMERS } from "../../src/model/timers.js";
import { compileRuleSet } from "../support/compile-rule-set.js";
import { instantiateMatch, TARGETS } from "./core.js";
import { random } from "./random.js";
import { group, networkInterface, ruleSet } from "./rule-sets.js";

const { image } = compileRuleSet(
  ruleSet({
    groups: [group("sg-1", [{ peer: "10.0.0.0/8" }, { peer: "sg-1" }])],
    interfaces: [networkInterface("eni-1", ["sg-1"], ["10.0.0.1"])],
  }),
  DEFAULT_TIMERS,
);

describe.each(TARGETS)("what is not an image is refused (%s)", (target) => {
  const exports = instantiateMatch(target);

  function create(bytes: Uint8Array, length: number = bytes.length): boolean {
    const ptr = exports.reserve(bytes.length);
    new Uint8Array(exports.memory.buffer).set(bytes, ptr);
    const before = exports.arenaUsed();
    const matcher = exports.matcherCreate(ptr, length);
    if (matcher !== 0) exports.matcherFree(matcher);
    // Neither a refusal nor a life cycle leaves blocks behind.
    expect(exports.arenaUsed()).toBe(before);
    exports.release(ptr, bytes.length);
    return matcher !== 0;
  }

  function changed(offset: number, value: number): Uint8Array {
    const bytes = image.slice();
    new DataView(bytes.buffer).setUint32(offset, value, true);
    return bytes;
  }

  it("takes the image itself", () => {
    expect(create(image)).toBe(true);
  });

  it.each([0, 4, 32, 64, 191, 192, 256, 4096])("refuses its first %i bytes", (length) => {
    expect(create(image.slice(0, Math.max(64, length)), length)).toBe(false);
  });

  it("refuses it with the last row cut off, and with bytes behind it", () => {
    expect(create(image.slice(0, image.length - 64))).toBe(false);
    const longer = new Uint8Array(image.length + 64);
    longer.set(image);
    expect(create(longer)).toBe(false);
  });

  it("refuses another magic, version or size, even with a right checksum", () => {
    expect(create(changed(contract.IMAGE_OFF_MAGIC, 0))).toBe(false);
    expect(create(changed(contract.IMAGE_OFF_VERSION, contract.IMAGE_VERSION + 1))).toBe(false);
    expect(create(changed(contract.IMAGE_OFF_BYTES, image.length + 64))).toBe(false);
  });

  it("refuses sections outside the image, even with a right checksum", () => {
    const bytes = changed(contract.IMAGE_OFF_SECTIONS, image.length + 64);
    new DataView(bytes.buffer).setUint32(contract.IMAGE_OFF_CHECKSUM, checksumOf(bytes), true);
    expect(create(bytes)).toBe(false);
  });

  it("refuses one flipped bit anywhere", () => {
    const r = random(11);
    for (let round = 0; round < 60; round++) {
      const bytes = image.slice();
      const at = r.below(bytes.length);
      bytes[at]! ^= 1 << r.below(8);
      expect(create(bytes), `byte ${at}`).toBe(false);
    }
  });
});
