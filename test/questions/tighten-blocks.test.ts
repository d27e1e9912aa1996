import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cidrContains, formatCidr, parseAddress, parseCidr } from "../../src/model/address.js";
import { addressSet } from "../../src/questions/address-ranges.js";
import { blockCovers } from "../../src/questions/tighten-blocks.js";

const ALL = addressSet([parseCidr("0.0.0.0/0")])[4];

function values(...texts: string[]): bigint[] {
  return texts.map((text) => parseAddress(text)!.value);
}

/** The least addresses of any cover by k blocks of a /28, tried one by one. */
function bruteForce(addresses: readonly number[], k: number): number {
  const blocks: { first: number; size: number }[] = [];
  for (let size = 1; size <= 16; size *= 2)
    for (let first = 0; first < 16; first += size) blocks.push({ first, size });
  let best = Number.POSITIVE_INFINITY;
  function search(rest: readonly number[], left: number, sum: number): void {
    if (rest.length === 0) best = Math.min(best, sum);
    if (rest.length === 0 || left === 0 || sum >= best) return;
    for (const { first, size } of blocks) {
      const head = rest[0]!;
      if (head < first || head >= first + size) continue;
      search(
        rest.filter((a) => a < first || a >= first + size),
        left - 1,
        sum + size,
      );
    }
  }
  search(addresses, k, 0);
  return best;
}

describe("blockCovers", () => {
  it("takes as few more addresses as k blocks can", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 15 }), { minLength: 1, maxLength: 7 }),
        (addresses) => {
          const covers = blockCovers(addresses.map(BigInt), ALL, 4, 20);
          let least = Number.POSITIVE_INFINITY;
          for (let k = 1; k < covers.least.length; k++) {
            least = Math.min(least, covers.least[k]!);
            expect(least).toBe(bruteForce(addresses, k));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it("gives blocks that hold every address and count what it says", () => {
    const addresses = values("10.0.0.1", "10.0.0.2", "10.0.3.9", "172.16.0.1", "172.16.0.2");
    const covers = blockCovers(addresses, ALL, 4, 5);
    for (let k = 1; k <= 5; k++) {
      if (covers.least[k] === Number.POSITIVE_INFINITY) continue;
      const blocks = covers.blocks(k);
      expect(blocks).toHaveLength(k);
      for (const value of addresses)
        expect(blocks.some((block) => cidrContains(block, { family: 4, value }))).toBe(true);
      const sum = blocks.reduce((total, block) => total + 2 ** (32 - block.length), 0);
      expect(sum).toBe(covers.least[k]);
    }
    expect(covers.blocks(2).map(formatCidr)).toEqual(["10.0.0.0/22", "172.16.0.0/30"]);
  });

  it("stays inside what is allowed", () => {
    const allowed = addressSet([parseCidr("10.0.0.0/31"), parseCidr("10.0.0.2/32")])[4];
    const covers = blockCovers(values("10.0.0.0", "10.0.0.2"), allowed, 4, 5);
    expect([...covers.least]).toEqual([Infinity, Infinity, 2]);
    expect(blockCovers(values("10.0.0.3"), allowed, 4, 5).least[1]).toBe(Infinity);
  });

  it("covers IPv6 addresses whose sizes a double cannot count exactly", () => {
    const covers = blockCovers(
      values("2001:db8::1", "2001:db8:ffff::1"),
      addressSet([parseCidr("::/0")])[6],
      6,
      4,
    );
    expect(covers.blocks(1).map(formatCidr)).toEqual(["2001:db8::/32"]);
    expect(covers.least[1]).toBe(2 ** 96);
  });

  it("covers fifty thousand addresses by sixty blocks in seconds", () => {
    const addresses = Array.from({ length: 50_000 }, (_, i) =>
      BigInt((i * 2_654_435_761) % 2 ** 32),
    );
    const covers = blockCovers(addresses, ALL, 4, 60);
    expect(covers.blocks(60)).toHaveLength(60);
  });
});
