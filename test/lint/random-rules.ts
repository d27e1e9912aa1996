import fc from "fast-check";
import { type Address, parseAddress } from "../../src/model/address.js";
import type { Rule } from "../../src/model/rule-set.js";
import { buildRule } from "../support/rule-set-builder.js";
import type { Packet } from "./brute-force.js";

const NAMES = ["sg-a", "sg-b", "pl-four", "pl-six", "pl-dark"];

/** Few bits and few ports, so that rules meet: halves, nested blocks, neighbours, duplicates. */
const block4 = fc
  .tuple(fc.integer({ min: 0, max: 15 }), fc.constantFrom(0, 1, 2, 28, 29, 30, 31, 32))
  .map(([low, length]) => {
    if (length <= 2)
      return `${length === 0 ? 0 : (low & ((1 << length) - 1)) << (8 - length)}.0.0.0/${length}`;
    return `10.0.0.${(low >> (32 - length)) << (32 - length)}/${length}`;
  });
const block6 = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom(0, 1, 126, 127, 128))
  .map(([low, length]) => {
    if (length === 0) return "::/0";
    if (length === 1) return low & 1 ? "8000::/1" : "::/1";
    return `fd00::${(low >> (128 - length)) << (128 - length)}/${length}`;
  });
const peer = fc.oneof(
  { weight: 6, arbitrary: block4 },
  { weight: 3, arbitrary: block6 },
  { weight: 3, arbitrary: fc.constantFrom(...NAMES) },
);
const port = fc.constantFrom(0, 1, 79, 80, 81, 82, 443, 65_534, 65_535);
const ports = fc.tuple(port, port).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
const traffic = fc.oneof(
  { weight: 6, arbitrary: ports.map((text) => `tcp ${text}`) },
  { weight: 3, arbitrary: ports.map((text) => `udp ${text}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "icmp all",
      "icmp 8/-1",
      "icmp 8/0",
      "icmp 3/4",
      "icmpv6 all",
      "icmpv6 128/0",
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom("50 all", "47 all", "0 all", "255 all") },
  { weight: 1, arbitrary: fc.constant("all all") },
);
const direction = fc.constantFrom("ingress", "ingress", "egress");

/** The text of a rule of the group, ids made unique by its index. */
export const ruleTexts: fc.Arbitrary<string[]> = fc.array(
  fc.tuple(direction, traffic, peer).map((parts) => parts.join(" ")),
  { maxLength: 24 },
);

/** Rules with unique ids; equal texts are duplicates. */
export function rulesOf(groupId: string, texts: readonly string[]): Rule[] {
  return texts.map((text, i) => ({
    ...buildRule(groupId, text),
    id: `sgr-${i}`,
    ...(i % 3 === 0 ? { description: `rule ${i}` } : {}),
  }));
}

const ADDRESSES: readonly Address[] = [
  "0.0.0.0",
  "9.255.255.255",
  ...Array.from({ length: 18 }, (_, i) => `10.0.0.${i}`),
  "64.0.0.1",
  "127.255.255.255",
  "128.0.0.0",
  "192.0.0.0",
  "255.255.255.255",
  "::",
  "fcff::1",
  ...Array.from({ length: 5 }, (_, i) => `fd00::${i}`),
  "7fff::",
  "8000::",
].map((text) => parseAddress(text)!);

/** Lists have the family of their entries; a packet of the other family cannot belong to them. */
const FAMILY: Readonly<Record<string, 4 | 6>> = { "pl-four": 4, "pl-six": 6 };

export const packet: fc.Arbitrary<Packet> = fc
  .record({
    protocol: fc.constantFrom(6, 6, 6, 17, 17, 1, 58, 50, 47, 0, 2, 255),
    port: fc.oneof(
      fc.constantFrom(0, 1, 2, 78, 79, 80, 81, 82, 83, 442, 443, 444, 65_533, 65_534, 65_535),
      fc.integer({ min: 0, max: 65_535 }),
    ),
    icmpType: fc.constantFrom(0, 3, 7, 8, 9, 128, 255),
    icmpCode: fc.constantFrom(0, 1, 4, 255),
    address: fc.constantFrom(...ADDRESSES),
    memberOf: fc.subarray(NAMES),
  })
  .map((drawn) => ({
    ...drawn,
    memberOf: drawn.memberOf.filter(
      (name) => FAMILY[name] === undefined || FAMILY[name] === drawn.address.family,
    ),
  }));
