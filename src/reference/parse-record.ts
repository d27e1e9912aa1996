import { type Address, parseAddress } from "../model/address.js";
import type { FlowRecord } from "../model/record.js";
import type { Action, Direction, LogStatus } from "../model/verdict.js";

/** Why a line is no record. The first failing token names the reason. */
export type MalformedReason =
  | "field-count"
  | "number"
  | "address"
  | "action"
  | "status"
  | "direction"
  | "interface-id"
  | "family"
  | "too-long";

/** A record read from text: it also keeps what only the causes of 8.2 ask for. */
export interface ParsedRecord extends FlowRecord {
  /** `reject-reason` as written (BPA, EC), `null` where absent or `-`. */
  readonly rejectReason: string | null;
}

const MAX_LINE_BYTES = 65_536;
const MAX_INTERFACE_BYTES = 64;
/** The time CloudWatch puts in front of an exported line. */
const EXPORT_TIME = /^\d{4}-\d{2}-\d{2}T[0-9:.]+Z$/;
const DECIMAL = /^[0-9]+$/;

/** The digits of 2^63-1: no column needs more, leading zeros included. */
const MAX_DIGITS = 19;
const NUMBER_RANGES: Readonly<Record<string, { readonly max: bigint; readonly digits: number }>> = {
  version: { max: 255n, digits: MAX_DIGITS },
  srcport: { max: 65_535n, digits: MAX_DIGITS },
  dstport: { max: 65_535n, digits: MAX_DIGITS },
  protocol: { max: 255n, digits: MAX_DIGITS },
  "tcp-flags": { max: 255n, digits: MAX_DIGITS },
  packets: { max: 2n ** 63n - 1n, digits: MAX_DIGITS },
  bytes: { max: 2n ** 63n - 1n, digits: MAX_DIGITS },
  start: { max: 4_294_967_295n, digits: 10 },
  end: { max: 4_294_967_295n, digits: 10 },
};
const ADDRESS_FIELDS: ReadonlySet<string> = new Set([
  "srcaddr",
  "dstaddr",
  "pkt-srcaddr",
  "pkt-dstaddr",
]);

/** The values of one line by field name; a name that is not here was absent or `-`. */
interface Tokens {
  readonly numbers: Map<string, bigint>;
  readonly addresses: Map<string, Address>;
  readonly texts: Map<string, string>;
}

/**
 * Reads one text line. `fields` names the columns in their order. Returns the record, the reason why the line is
 * malformed, or `undefined` for a blank line. Cost: linear in the line.
 */
export function parseRecord(
  line: string,
  fields: readonly string[],
  file: string,
  lineNumber: number,
): ParsedRecord | MalformedReason | undefined {
  if (byteLength(line) > MAX_LINE_BYTES) return "too-long";
  const text = line.endsWith("\r") ? line.slice(0, -1) : line;
  let words = text.split(/[ \t]+/).filter((word) => word !== "");
  if (words.length === 0) return undefined;
  if (words.length === fields.length + 1 && EXPORT_TIME.test(words[0] ?? ""))
    words = words.slice(1);
  if (words.length !== fields.length) return "field-count";
  const tokens: Tokens = { numbers: new Map(), addresses: new Map(), texts: new Map() };
  for (const [index, field] of fields.entries()) {
    const failure = readToken(field, words[index] ?? "", tokens);
    if (failure !== undefined) return failure;
  }
  return mixesFamilies(tokens) ? "family" : recordOf(tokens, file, lineNumber);
}

function byteLength(line: string): number {
  // No UTF-8 text is longer than three bytes per UTF-16 unit: most lines need no encoding.
  if (line.length * 3 <= MAX_LINE_BYTES) return line.length;
  return new TextEncoder().encode(line).length;
}

function readToken(field: string, word: string, tokens: Tokens): MalformedReason | undefined {
  if (field === "log-status") {
    if (word !== "OK" && word !== "NODATA" && word !== "SKIPDATA") return "status";
    tokens.texts.set(field, word);
    return undefined;
  }
  if (word === "-") return undefined;
  const range = NUMBER_RANGES[field];
  if (range !== undefined) {
    if (!DECIMAL.test(word) || word.length > range.digits) return "number";
    const value = BigInt(word);
    if (value > range.max) return "number";
    tokens.numbers.set(field, value);
    return undefined;
  }
  if (ADDRESS_FIELDS.has(field)) {
    const address = parseAddress(word);
    if (address === undefined || isMapped(address)) return "address";
    tokens.addresses.set(field, address);
    return undefined;
  }
  if (field === "action" && word !== "ACCEPT" && word !== "REJECT") return "action";
  if (field === "flow-direction" && word !== "ingress" && word !== "egress") return "direction";
  if (field === "interface-id" && byteLengthOver(word, MAX_INTERFACE_BYTES)) return "interface-id";
  tokens.texts.set(field, word);
  return undefined;
}

/** An IPv4 address in IPv6 clothes (::ffff:0:0/96) never stands on the wire. */
function isMapped({ family, value }: Address): boolean {
  return family === 6 && value >> 32n === 0xffffn;
}

function byteLengthOver(word: string, limit: number): boolean {
  return new TextEncoder().encode(word).length > limit;
}

/** An address pair of different families is malformed (semantics 1.5): as written, inside the packet, or mixed. */
function mixesFamilies(tokens: Tokens): boolean {
  const src = tokens.addresses.get("srcaddr");
  const dst = tokens.addresses.get("dstaddr");
  const pktSrc = tokens.addresses.get("pkt-srcaddr");
  const pktDst = tokens.addresses.get("pkt-dstaddr");
  return differ(src, dst) || differ(pktSrc, pktDst) || differ(pktSrc ?? src, pktDst ?? dst);
}

function differ(a: Address | undefined, b: Address | undefined): boolean {
  return a !== undefined && b !== undefined && a.family !== b.family;
}

function recordOf(tokens: Tokens, file: string, line: number): ParsedRecord {
  const number = (field: string): number | null => {
    const value = tokens.numbers.get(field);
    return value === undefined ? null : Number(value);
  };
  const address = (field: string): Address | null => tokens.addresses.get(field) ?? null;
  const word = (field: string): string | null => tokens.texts.get(field) ?? null;
  return {
    interfaceId: word("interface-id"),
    resourceId: word("resource-id"),
    srcAddr: address("srcaddr"),
    dstAddr: address("dstaddr"),
    srcPort: number("srcport"),
    dstPort: number("dstport"),
    protocol: number("protocol"),
    packets: tokens.numbers.get("packets") ?? null,
    bytes: tokens.numbers.get("bytes") ?? null,
    start: number("start"),
    end: number("end"),
    action: word("action") as Action | null,
    logStatus: (word("log-status") ?? "OK") as LogStatus,
    tcpFlags: number("tcp-flags"),
    pktSrcAddr: address("pkt-srcaddr"),
    pktDstAddr: address("pkt-dstaddr"),
    flowDirection: word("flow-direction") as Direction | null,
    rejectReason: word("reject-reason"),
    file,
    line,
  };
}
