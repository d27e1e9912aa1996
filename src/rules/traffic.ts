// The protocol and port half of a rule (semantics 3.2, 3.3, 3.6), as both dialects of the API spell it.
import { PROTOCOL_ICMP, PROTOCOL_ICMPV6, PROTOCOL_TCP, PROTOCOL_UDP } from "../contract.js";
import type { TrafficShape } from "./group-shape.js";
import { copyText, type LoadContext } from "./load-context.js";
import type { Maybe } from "./shape.js";
import { below, refuse, type Spot, showValue } from "./spot.js";

export interface Traffic {
  readonly protocol: number;
  readonly fromPort: number;
  readonly toPort: number;
  readonly icmpType: number;
  readonly icmpCode: number;
  /** `protocol/ports` of the rule identity: tcp/443, udp/1000-2000, icmp/8:0, icmp/all, 50/all, all/all. */
  readonly text: string;
}

const NUMBERS: ReadonlyMap<string, number> = new Map([
  ["all", -1],
  ["-1", -1],
  ["tcp", PROTOCOL_TCP],
  ["udp", PROTOCOL_UDP],
  ["icmp", PROTOCOL_ICMP],
  ["icmpv6", PROTOCOL_ICMPV6],
]);
const NAMES: ReadonlyMap<number, string> = new Map([
  [-1, "all"],
  [PROTOCOL_TCP, "tcp"],
  [PROTOCOL_UDP, "udp"],
  [PROTOCOL_ICMP, "icmp"],
  [PROTOCOL_ICMPV6, "icmpv6"],
]);

/** Name of a protocol in identities and messages; numbers without a name stay numbers. */
export function protocolName(protocol: number): string {
  return NAMES.get(protocol) ?? String(protocol);
}

/** How a dialect spells the keys of protocol and ports; empty where one text holds them all. */
export interface TrafficKeys {
  readonly protocol: string;
  readonly from: string;
  readonly to: string;
}

const AWS_KEYS: TrafficKeys = { protocol: "IpProtocol", from: "FromPort", to: "ToPort" };

/**
 * Stops on unknown protocols, on missing, half or reversed port ranges, and on types and codes that do not exist. `keys`
 * lead from `spot` to the values, for messages.
 */
export function readTraffic(
  shape: TrafficShape,
  spot: Spot,
  keys: TrafficKeys = AWS_KEYS,
): Traffic {
  const protocol = readProtocol(shape.IpProtocol, () => atKey(spot, keys.protocol));
  if (protocol === PROTOCOL_TCP || protocol === PROTOCOL_UDP)
    return readPorts(protocol, shape, spot, keys);
  if (protocol === PROTOCOL_ICMP || protocol === PROTOCOL_ICMPV6)
    return readIcmp(protocol, shape, spot, keys);
  // Whatever range is given, AWS opens all ports for these (semantics 3.3).
  return anyPort(protocol);
}

/** The same for the keys of AWS's answers; equal traffic is one value per load. */
export function readSharedTraffic(context: LoadContext, shape: TrafficShape, spot: Spot): Traffic {
  const { IpProtocol, FromPort, ToPort } = shape;
  if (!isPort(FromPort) || !isPort(ToPort)) return readTraffic(shape, spot);
  let known = context.traffic.get(IpProtocol);
  if (known === undefined) {
    known = new Map();
    context.traffic.set(copyText(IpProtocol), known);
  }
  const ports = FromPort * 65_536 + ToPort;
  let traffic = known.get(ports);
  if (traffic === undefined) {
    traffic = readTraffic(shape, spot);
    known.set(ports, traffic);
  }
  return traffic;
}

function isPort(value: Maybe<number>): value is number {
  return value != null && value >= 0 && value <= 65_535;
}

function atKey(spot: Spot, key: string): Spot {
  return key === "" ? spot : below(spot, key);
}

/** Every protocol and port. */
export function anyTraffic(): Traffic {
  return anyPort(-1);
}

/** A name in any case, `all`, `-1` or a number 0-255 (semantics 3.3); `undefined` for anything else. */
export function parseProtocol(text: string): number | undefined {
  const named = NUMBERS.get(text.toLowerCase());
  if (named !== undefined) return named;
  const number = /^(0|[1-9][0-9]{0,2})$/.test(text) ? Number(text) : 256;
  return number <= 255 ? number : undefined;
}

/** Stops on anything that is not a protocol. */
export function readProtocol(text: string, spot: () => Spot): number {
  return (
    parseProtocol(text) ??
    refuse(
      spot(),
      "protocol-unknown",
      `${showValue(text)} is not a protocol`,
      "allowed: tcp, udp, icmp, icmpv6, -1 (all), or a number 0-255 as a string",
    )
  );
}

/** Protocol, ports, type and code alone. */
export type TrafficNumbers = Omit<Traffic, "text">;

/** `protocol/ports` of the rule identity. */
export function formatTraffic(traffic: TrafficNumbers): string {
  const { protocol, fromPort, toPort, icmpType, icmpCode } = traffic;
  const name = protocolName(protocol);
  if (protocol === PROTOCOL_TCP || protocol === PROTOCOL_UDP)
    return `${name}/${fromPort === toPort ? fromPort : `${fromPort}-${toPort}`}`;
  if (icmpType < 0) return `${name}/all`;
  return `${name}/${icmpType}:${icmpCode < 0 ? "all" : icmpCode}`;
}

function trafficOf(numbers: TrafficNumbers): Traffic {
  return { ...numbers, text: formatTraffic(numbers) };
}

function anyPort(protocol: number, icmpType = -1, icmpCode = -1): Traffic {
  return trafficOf({ protocol, fromPort: 0, toPort: 65_535, icmpType, icmpCode });
}

function readPorts(protocol: number, shape: TrafficShape, spot: Spot, keys: TrafficKeys): Traffic {
  const from = readNumber(keys, "from", shape.FromPort, 0, 65_535, spot);
  const to = readNumber(keys, "to", shape.ToPort, 0, 65_535, spot);
  if (from > to)
    refuse(atKey(spot, keys.from), "ports-reversed", `the port range ${from}-${to} is reversed`);
  return trafficOf({ protocol, fromPort: from, toPort: to, icmpType: -1, icmpCode: -1 });
}

function readIcmp(protocol: number, shape: TrafficShape, spot: Spot, keys: TrafficKeys): Traffic {
  const absent = shape.FromPort == null && shape.ToPort == null;
  // Only ICMPv6 may leave out both: all types and codes.
  if (absent && protocol === PROTOCOL_ICMPV6) return anyPort(protocol);
  const type = readNumber(keys, "from", shape.FromPort, -1, 255, spot);
  const code = readNumber(keys, "to", shape.ToPort, -1, 255, spot);
  if (type >= 0) return anyPort(protocol, type, code);
  if (code >= 0)
    refuse(
      atKey(spot, keys.to),
      "icmp-code-without-type",
      `the code ${code} stands beside type -1 (any)`,
      "with every type goes every code: -1 and -1",
    );
  return anyPort(protocol);
}

function readNumber(
  keys: TrafficKeys,
  end: "from" | "to",
  value: Maybe<number>,
  least: number,
  most: number,
  spot: Spot,
): number {
  const at = atKey(spot, keys[end]);
  if (value == null)
    return refuse(
      at,
      "ports-missing",
      "the key is missing",
      `tcp, udp and icmp rules have ${keys.from} and ${keys.to}; every port is 0-65535, every ICMP type -1`,
    );
  if (value < least || value > most)
    refuse(at, "ports-out-of-range", `${value} is outside ${least}-${most}`);
  return value;
}
