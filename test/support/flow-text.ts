import { type ParsedRecord, parseRecord } from "../../src/reference/index.js";

/** The default format, version 2. */
export const DEFAULT_FIELDS: readonly string[] =
  "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status".split(
    " ",
  );

const PROTOCOLS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 };
/** Where the logs of short forms begin: the first second of a slot. */
export const LOG_START = 1_700_000_100;

/** Fields a short form may set beyond its fixed part. */
const FIELDS: readonly string[] = [
  ...DEFAULT_FIELDS,
  "tcp-flags",
  "pkt-srcaddr",
  "pkt-dstaddr",
  "flow-direction",
  "resource-id",
  "reject-reason",
];

/**
 * Records from short forms, one a line: `0+60 eni-1 tcp 10.0.0.9:40000 > 10.0.0.1:443 ACCEPT flags=2`. The time is in
 * seconds after LOG_START, with the length of the window after the plus; further `name=value` words set fields.
 */
export function flows(text: string): ParsedRecord[] {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.flatMap((line, index) => (line === "" ? [] : [flow(line, index + 1)]));
}

/** One record from its short form. */
export function flow(text: string, line = 1): ParsedRecord {
  const [time, interfaceId, protocol, source, , destination, action, ...rest] = text.split(/ +/);
  const [from, length] = (time ?? "").split("+").map(Number);
  const [srcaddr, srcport] = splitEnd(source ?? "");
  const [dstaddr, dstport] = splitEnd(destination ?? "");
  const values = new Map<string, string>([
    ["version", "2"],
    ["interface-id", interfaceId ?? "-"],
    ["protocol", String(PROTOCOLS[protocol ?? ""] ?? protocol)],
    ["srcaddr", srcaddr],
    ["srcport", srcport],
    ["dstaddr", dstaddr],
    ["dstport", dstport],
    ["start", String(LOG_START + (from ?? 0))],
    ["end", String(LOG_START + (from ?? 0) + (length ?? 0))],
    ["action", action ?? "-"],
    ["log-status", "OK"],
  ]);
  for (const word of rest) {
    const [name = "", value = ""] = word.split("=");
    values.set(name === "flags" ? "tcp-flags" : name, value);
  }
  const words = FIELDS.map((name) => values.get(name) ?? "-");
  const record = parseRecord(words.join(" "), FIELDS, "flows", line);
  if (record === undefined || typeof record === "string")
    throw new Error(`"${text}" is no record: ${record}`);
  return record;
}

/** `10.0.0.1:443`, `[fd00::1]:443`, or an address alone. */
function splitEnd(text: string): readonly [string, string] {
  const bracketed = /^\[(.*)\](?::(\d+))?$/.exec(text);
  if (bracketed !== null) return [bracketed[1] ?? "-", bracketed[2] ?? "0"];
  const [address = "-", port = "0"] = text.split(":");
  return [address, port];
}
