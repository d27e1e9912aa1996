import { describe, expect, it } from "vitest";
import { MAX_IMAGE_BYTES, Words } from "../../src/compile/words.js";
import { FlowError } from "../../src/errors.js";

describe("Words", () => {
  it("keeps what was pushed across growth", () => {
    const words = new Words(1);
    for (let i = 0; i < 1000; i++) words.push(i);
    words.pushAll([1, 2, 3]);
    expect(words.fill(9, 2)).toBe(1003);
    words.align(8);
    expect(words.length).toBe(1008);
    expect(words.get(999)).toBe(999);
    expect([...words.view().subarray(1000)]).toEqual([1, 2, 3, 9, 9, 0, 0, 0]);
  });

  it("writes an address as high and low word, each low half first", () => {
    const words = new Words();
    words.pushAddress(0x0011223344556677_8899aabbccddeeffn);
    expect([...words.view()]).toEqual([0x44556677, 0x00112233, 0xccddeeff, 0x8899aabb]);
  });

  it("refuses more than an image may hold, before it allocates it", () => {
    const words = new Words();
    const attempt = (): number => words.fill(0, MAX_IMAGE_BYTES / 4 + 1);
    expect(attempt).toThrow(FlowError);
    expect(attempt).toThrow(/at most 1024 MiB/);
  });
});
