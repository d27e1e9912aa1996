// Protocol, ports and peer of a rule as edit lines spell them.
import { PROTOCOL_ICMP, PROTOCOL_ICMPV6, PROTOCOL_TCP, PROTOCOL_UDP } from "../../contract.js";
import { formatCidr, parseAddress, parseCidr } from "../../model/address.js";
import type { Peer } from "../../model/rule-set.js";
import { formatPlace } from "../json-place.js";
import { isOpaqueId } from "../load-context.js";
import { showValue } from "../spot.js";
import { parseProtocol, protocolName, type TrafficNumbers } from "../traffic.js";
import { failAt, type Word } from "./edit-words.js";

export function readProtocolWord({ text, at }: Word): number {
  return (
    parseProtocol(text) ??
    failAt(
      at,
      "protocol-unknown",
      `${showValue(text)} is not a protocol`,
      "allowed: tcp, udp, icmp, icmpv6, all (or -1), or a number 0-255",
    )
  );
}

/** Ports (`443`, `8000-8100`, `all`), ICMP type and code (`8/0`, `8`, `all`); every other protocol has `all` alone. */
export function readPortsWord(protocol: number, word: Word): TrafficNumbers {
  if (protocol === PROTOCOL_TCP || protocol === PROTOCOL_UDP) return readPorts(protocol, word);
  if (protocol === PROTOCOL_ICMP || protocol === PROTOCOL_ICMPV6) return readIcmp(protocol, word);
  if (word.text.toLowerCase() === "all") return everyPort(protocol);
  return failAt(
    word.at,
    "ports-invalid",
    `protocol ${protocolName(protocol)} has no ports, found ${showValue(word.text)}`,
    "write all, or leave the ports out",
  );
}

/** Whether the protocol has ports, or types, that must be given. */
export function needsPorts(protocol: number): boolean {
  return [PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_ICMP, PROTOCOL_ICMPV6].includes(protocol);
}

export function everyPort(protocol: number, icmpType = -1, icmpCode = -1): TrafficNumbers {
  return { protocol, fromPort: 0, toPort: 65_535, icmpType, icmpCode };
}

function readPorts(protocol: number, { text, at }: Word): TrafficNumbers {
  if (text.toLowerCase() === "all") return everyPort(protocol);
  const [, first, last] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text) ?? [];
  const from = wholeNumber(first, 65_535);
  const to = last === undefined ? from : wholeNumber(last, 65_535);
  if (from === undefined || to === undefined)
    return failAt(
      at,
      "ports-invalid",
      `${showValue(text)} is neither a port, nor a range of ports, nor all`,
      "ports are 0-65535, such as 443, 8000-8100, or all",
    );
  if (from > to) failAt(at, "ports-reversed", `the port range ${text} is reversed`);
  return { protocol, fromPort: from, toPort: to, icmpType: -1, icmpCode: -1 };
}

function readIcmp(protocol: number, { text, at }: Word): TrafficNumbers {
  if (text.toLowerCase() === "all") return everyPort(protocol);
  const [, first, second = "all"] = /^(\d{1,9})(?:[/:](\d{1,9}|all))?$/i.exec(text) ?? [];
  const type = wholeNumber(first, 255);
  const code = second.toLowerCase() === "all" ? -1 : wholeNumber(second, 255);
  if (type === undefined || code === undefined)
    return failAt(
      at,
      "ports-invalid",
      `${showValue(text)} is no ICMP type and code`,
      "types and codes are 0-255, such as 8/0, 3 (every code of type 3), or all",
    );
  return everyPort(protocol, type, code);
}

/** Without leading zeros; `undefined` beyond `most`. */
function wholeNumber(text: string | undefined, most: number): number | undefined {
  if (text === undefined || !/^(0|[1-9]\d*)$/.test(text) || Number(text) > most) return undefined;
  return Number(text);
}

const BLOCK = /^([0-9.]+|[0-9a-fA-F.]*:[0-9a-fA-F:.]*)\/\d+$/;

/** A block, `pl-...`, a group by id or name, or `ACCOUNT/sg-...`. */
export function readPeerWord({ text, at }: Word): Peer {
  if (BLOCK.test(text)) return { kind: "cidr", cidr: parseCidr(text, formatPlace(at)) };
  const address = parseAddress(text);
  if (address !== undefined)
    return failAt(
      at,
      "cidr-invalid",
      `${showValue(text)} is an address, not a block`,
      `write ${formatCidr({ address, length: address.family === 4 ? 32 : 128 })} for this address alone`,
    );
  if (/^pl-/.test(text) && isOpaqueId(text)) return { kind: "prefix-list", id: text };
  return readGroupWord({ text, at });
}

/** Names of groups may hold slashes: only an account number, or a `sg-` behind the slash, makes an account of it. */
function readGroupWord({ text, at }: Word): Peer {
  const slash = text.lastIndexOf("/");
  const [account, id] = [text.slice(0, slash), text.slice(slash + 1)];
  const foreign = slash > 0 && (/^\d{12}$/.test(account) || id.startsWith("sg-"));
  if (foreign && isOpaqueId(account) && isOpaqueId(id)) return { kind: "group", id, account };
  if (text.trim() === "")
    failAt(
      at,
      "edit-peer",
      `${showValue(text)} is no peer`,
      "a peer is a block (10.0.0.0/8, ::/0), a prefix list (pl-...), a group (sg-... or its name), or ACCOUNT/sg-...",
    );
  return { kind: "group", id: text };
}
