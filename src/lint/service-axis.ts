// Every protocol with its ports, types and codes as one line of whole numbers, so that a rule is one interval of it:
// tcp ports, udp ports, ICMP type × 256 + code, the same for ICMPv6, then one point for each other protocol.
import type { Rule } from "../model/rule-set.js";

export const ICMP: number = 1;
export const TCP: number = 6;
export const UDP: number = 17;
export const ICMPV6: number = 58;

/** Points of each of the four protocols that have ports or types. */
const WIDTH = 65_536;
const CODES = 256;
const PROTOCOLS = 256;
const WIDE: readonly number[] = [TCP, UDP, ICMP, ICMPV6];
const NARROW: readonly number[] = Array.from({ length: PROTOCOLS }, (_, n) => n).filter(
  (n) => !WIDE.includes(n),
);
const FIRST_NARROW = WIDE.length * WIDTH;

/** Points of the whole line. */
export const SERVICE_COUNT: number = FIRST_NARROW + NARROW.length;

/** A half-open part of the line. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Protocol with ports, or with ICMP type and code, as rules hold them. */
export type Traffic = Pick<Rule, "protocol" | "fromPort" | "toPort" | "icmpType" | "icmpCode">;

/** One point of the line: what a packet shows. */
export interface Service {
  readonly protocol: number;
  /** TCP and UDP only. */
  readonly port: number | null;
  /** ICMP and ICMPv6 only. */
  readonly icmpType: number | null;
  readonly icmpCode: number | null;
}

/** The points a rule admits; ports of protocols without ports are ignored (semantics 3.3). */
export function serviceInterval(traffic: Traffic): Interval {
  const { protocol, fromPort, toPort, icmpType, icmpCode } = traffic;
  if (protocol === -1) return { from: 0, to: SERVICE_COUNT };
  const wide = WIDE.indexOf(protocol);
  if (wide < 0) {
    const from = FIRST_NARROW + NARROW.indexOf(protocol);
    return { from, to: from + 1 };
  }
  const base = wide * WIDTH;
  if (protocol === TCP || protocol === UDP) return { from: base + fromPort, to: base + toPort + 1 };
  if (icmpType < 0) return { from: base, to: base + WIDTH };
  const type = base + icmpType * CODES;
  if (icmpCode < 0) return { from: type, to: type + CODES };
  return { from: type + icmpCode, to: type + icmpCode + 1 };
}

/** What the point stands for. */
export function serviceAt(point: number): Service {
  if (point >= FIRST_NARROW)
    return {
      protocol: NARROW[point - FIRST_NARROW]!,
      port: null,
      icmpType: null,
      icmpCode: null,
    };
  const protocol = WIDE[Math.floor(point / WIDTH)]!;
  const rest = point % WIDTH;
  if (protocol === TCP || protocol === UDP)
    return { protocol, port: rest, icmpType: null, icmpCode: null };
  const icmpType = Math.floor(rest / CODES);
  return { protocol, port: null, icmpType, icmpCode: rest % CODES };
}

/** Whether `outer` holds all of `inner`. */
export function holds(outer: Interval, inner: Interval): boolean {
  return outer.from <= inner.from && inner.to <= outer.to;
}

/** Whether the interval holds all points of at least one protocol with ports or types. */
export function holdsWholeProtocol(interval: Interval): boolean {
  return WIDE.some((_, i) => holds(interval, { from: i * WIDTH, to: (i + 1) * WIDTH }));
}

/** All points of the protocol: TCP, UDP, ICMP or ICMPv6. */
export function wholeProtocol(protocol: number): Interval {
  const from = WIDE.indexOf(protocol) * WIDTH;
  return { from, to: from + WIDTH };
}
