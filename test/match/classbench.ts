import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Address,
  type Cidr,
  cidrContains,
  familyBits,
  parseAddress,
} from "../../src/model/address.js";
import { random } from "./random.js";

const CORPUS: string | undefined = process.env.FLOW_CORPUS;
/** Where the sets lie; they are read in place. */
export const FOLDER: string = CORPUS === undefined ? "" : join(CORPUS, "classbench");

/** A rule of a set, projected to what a security-group rule or an ACL entry tests. */
export interface Projected {
  readonly peer: Cidr;
  readonly protocol: number;
  readonly fromPort: number;
  readonly toPort: number;
}

export interface Header {
  readonly remote: Address;
  readonly protocol: number;
  readonly port: number;
}

// @source destination sourcePorts destinationPorts protocol/mask ...: projected to what a security-group rule tests.
const LINE =
  /^@(\S+)\/(\d+)\s+\S+\s+\d+ : \d+\s+(\d+) : (\d+)\s+(?:0x)?([0-9a-fA-F]+)\/(?:0x)?([0-9a-fA-F]+)/;

function blockOf(text: string, length: number): Cidr {
  const address = parseAddress(text)!;
  const host = BigInt(familyBits(address.family) - length);
  return { address: { family: address.family, value: (address.value >> host) << host }, length };
}

export function readRules(name: string): Projected[] {
  return readFileSync(join(FOLDER, name), "utf8")
    .split("\n")
    .flatMap((line) => {
      const match = LINE.exec(line);
      if (match === null) return [];
      const [, source, length, from, to, protocol, mask] = match;
      const any = Number.parseInt(mask!, 16) === 0;
      const number = any ? -1 : Number.parseInt(protocol!, 16);
      const hasPorts = number === 6 || number === 17;
      return [
        {
          peer: blockOf(source!, Number(length)),
          protocol: number,
          // A rule for all protocols tests no port (semantics 3.3).
          fromPort: hasPorts ? Number(from) : 0,
          toPort: hasPorts ? Number(to) : 65535,
        },
      ];
    });
}

/** Whether the sets are there. */
export function hasSets(): boolean {
  return CORPUS !== undefined && existsSync(FOLDER);
}

/** Headers drawn from the rules, one field of three swapped now and then for another rule's. */
export function drawHeaders(rules: readonly Projected[], count: number, seed: number): Header[] {
  const r = random(seed);
  return Array.from({ length: count }, () => {
    const own = r.pick(rules);
    const portRule = r.chance(0.3) ? r.pick(rules) : own;
    const { address, length } = (r.chance(0.2) ? r.pick(rules) : own).peer;
    const host = BigInt(familyBits(address.family) - length);
    const noise = (BigInt(r.below(2 ** 32)) << 32n) | BigInt(r.below(2 ** 32));
    return {
      remote: { family: address.family, value: address.value | (noise & ((1n << host) - 1n)) },
      protocol: own.protocol === -1 ? r.pick([6, 17, 47]) : own.protocol,
      port: portRule.fromPort + r.below(portRule.toPort - portRule.fromPort + 1),
    };
  });
}

/** Indices of all rules that match, by linear scan. */
export function matching(
  rules: readonly Projected[],
  { remote, protocol, port }: Header,
): number[] {
  const found: number[] = [];
  rules.forEach((rule, index) => {
    if (rule.protocol !== -1 && rule.protocol !== protocol) return;
    const testsPort = rule.protocol === 6 || rule.protocol === 17;
    if (testsPort && (port < rule.fromPort || port > rule.toPort)) return;
    if (cidrContains(rule.peer, remote)) found.push(index);
  });
  return found;
}
