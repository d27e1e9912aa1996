// The words of an assertion: ends and ports.

import { FlowError } from "../errors.js";
import { parseCidr } from "../model/address.js";
import { readList, readText, refuse, type YamlValue } from "./assert-yaml.js";
import type { EndName, PortName } from "./assertion.js";

const END_WORDS =
  "allowed: any; an address or a CIDR; sg-..., or group NAME-OR-ID; eni-..., or interface ID; pl-..., or prefix-list NAME-OR-ID; or a list of these";
const PORT_WORDS =
  "allowed: any; tcp/443, udp/1000-2000, tcp, udp, icmp, icmpv6; a protocol number; or a list of these";

const PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ["tcp", 6],
  ["udp", 17],
  ["icmp", 1],
  ["icmpv6", 58],
]);

function readBlock(text: string, value: YamlValue): EndName {
  try {
    return { kind: "cidr", cidr: parseCidr(text, undefined, true), text, at: value.at };
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    return refuse(value.at, error.message, END_WORDS);
  }
}

function readEnd(value: YamlValue): EndName {
  const text = readText(value, "an end of traffic", END_WORDS);
  if (text === "any") return { kind: "any" };
  const { at } = value;
  const [, word, rest = ""] = /^(group|interface|prefix-list)\s+(.+)$/.exec(text) ?? [];
  if (word === "group") return { kind: "group", name: rest, text, at };
  if (word === "interface") return { kind: "interface", id: rest, text, at };
  if (word === "prefix-list") return { kind: "prefix-list", name: rest, text, at };
  if (text.startsWith("sg-")) return { kind: "group", name: text, text, at };
  if (text.startsWith("eni-")) return { kind: "interface", id: text, text, at };
  if (text.startsWith("pl-")) return { kind: "prefix-list", name: text, text, at };
  if (/^[0-9a-fA-F:.]+(\/[0-9]+)?$/.test(text) && /[.:]/.test(text)) return readBlock(text, value);
  return refuse(at, `"${text}" names no end of traffic`, END_WORDS);
}

/** Ends of traffic; absent = any. */
export function readEnds(value: YamlValue | undefined): readonly EndName[] {
  if (value === undefined) return [{ kind: "any" }];
  const ends = readList(value, "an end of traffic", true).map(readEnd);
  return ends.length > 0 ? ends : refuse(value.at, "the list of ends is empty", END_WORDS);
}

function readPort(value: YamlValue): PortName {
  const text = readText(value, "a port", PORT_WORDS);
  const all = { fromPort: 0, toPort: 65_535, text };
  if (text === "any") return { protocol: -1, ...all };
  const named = PROTOCOLS.get(text.toLowerCase());
  if (named !== undefined) return { protocol: named, ...all };
  if (/^[0-9]{1,3}$/.test(text) && Number(text) <= 255) return { protocol: Number(text), ...all };
  const [, name = "", first = "", last = first] =
    /^(tcp|udp)\/([0-9]{1,5})(?:-([0-9]{1,5}))?$/i.exec(text) ?? [];
  if (name === "") return refuse(value.at, `"${text}" is not a protocol with ports`, PORT_WORDS);
  const [fromPort, toPort] = [Number(first), Number(last)];
  if (toPort > 65_535) return refuse(value.at, `port ${toPort} is outside 0-65535`, PORT_WORDS);
  if (fromPort > toPort)
    return refuse(value.at, `the range ${first}-${last} is reversed`, PORT_WORDS);
  return { protocol: PROTOCOLS.get(name.toLowerCase()) ?? -1, fromPort, toPort, text };
}

/** Protocols with ports; absent = any. */
export function readPorts(value: YamlValue | undefined): readonly PortName[] {
  if (value === undefined) return [{ protocol: -1, fromPort: 0, toPort: 65_535, text: "any" }];
  const ports = readList(value, "a port", true).map(readPort);
  return ports.length > 0 ? ports : refuse(value.at, "the list of ports is empty", PORT_WORDS);
}
