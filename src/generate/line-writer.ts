// Writes records as text straight into bytes. What depends on the interface alone is prepared once, run by run.
import type { AccountSpec } from "./account-spec.js";
import { writeAddress } from "./address-words.js";
import { formatVersion } from "./field-catalogue.js";
import { logInterfaceType } from "./interface-kind.js";

/** Longest line: 47 fields, most of them short, none above 48 bytes. */
export const MAX_LINE = 2048;

/** One record, filled anew for each line. */
export interface LineRecord {
  interfaceIndex: number;
  family: number;
  /** Four words each: srcaddr, dstaddr, pkt-srcaddr, pkt-dstaddr. */
  readonly addresses: Int32Array;
  sourcePort: number;
  destinationPort: number;
  protocol: number;
  packets: number;
  bytes: number;
  start: number;
  end: number;
  rejected: boolean;
  egress: boolean;
  /** -1 = `-`. */
  tcpFlags: number;
  /** 0 = `-`. */
  trafficPath: number;
}

export function emptyRecord(): LineRecord {
  return {
    interfaceIndex: 0,
    family: 4,
    addresses: new Int32Array(16),
    sourcePort: 0,
    destinationPort: 0,
    protocol: 0,
    packets: 0,
    bytes: 0,
    start: 0,
    end: 0,
    rejected: false,
    egress: false,
    tcpFlags: 0,
    trafficPath: 0,
  };
}

// Operations of a line program. Values from STATIC on are static runs.
const OP_SRCADDR = 0;
const OP_DSTADDR = 1;
const OP_PKT_SRCADDR = 2;
const OP_PKT_DSTADDR = 3;
const OP_SRCPORT = 4;
const OP_DSTPORT = 5;
const OP_PROTOCOL = 6;
const OP_PACKETS = 7;
const OP_BYTES = 8;
const OP_START = 9;
const OP_END = 10;
const OP_ACTION = 11;
const OP_TCP_FLAGS = 12;
const OP_TYPE = 13;
const OP_DIRECTION = 14;
const OP_TRAFFIC_PATH = 15;
const OP_STATIC = 16;

const OPERATIONS: ReadonlyMap<string, number> = new Map([
  ["srcaddr", OP_SRCADDR],
  ["dstaddr", OP_DSTADDR],
  ["pkt-srcaddr", OP_PKT_SRCADDR],
  ["pkt-dstaddr", OP_PKT_DSTADDR],
  ["srcport", OP_SRCPORT],
  ["dstport", OP_DSTPORT],
  ["protocol", OP_PROTOCOL],
  ["packets", OP_PACKETS],
  ["bytes", OP_BYTES],
  ["start", OP_START],
  ["end", OP_END],
  ["action", OP_ACTION],
  ["tcp-flags", OP_TCP_FLAGS],
  ["type", OP_TYPE],
  ["flow-direction", OP_DIRECTION],
  ["traffic-path", OP_TRAFFIC_PATH],
]);

const encoder = new TextEncoder();
const ACCEPT = encoder.encode("ACCEPT");
const REJECT = encoder.encode("REJECT");
const INGRESS = encoder.encode("ingress");
const EGRESS = encoder.encode("egress");

function writeText(out: Uint8Array, at: number, text: Uint8Array): number {
  // Below some fifty bytes a loop beats the call into Uint8Array.set.
  for (let i = 0; i < text.length; i++) out[at + i] = text[i]!;
  return at + text.length;
}

/** Decimal digits of a non-negative integer below 2^53. */
function writeNumber(out: Uint8Array, at: number, value: number): number {
  let rest = value;
  let digits = 1;
  for (let limit = 10; value >= limit; limit *= 10) digits += 1;
  let place = at + digits;
  while (rest > 0x7fffffff) {
    const tenth = Math.floor(rest / 10);
    out[--place] = 48 + (rest - tenth * 10);
    rest = tenth;
  }
  let small = rest | 0;
  while (place > at) {
    const tenth = (small / 10) | 0;
    out[--place] = 48 + (small - tenth * 10);
    small = tenth;
  }
  return at + digits;
}

/** Fields that depend on the interface alone, `OK` included. Undefined = not such a field. */
function staticField(
  spec: AccountSpec,
  index: number,
  field: string,
  version: number,
): string | undefined {
  if (OPERATIONS.has(field)) return undefined;
  const item = spec.interfaces[index]!;
  switch (field) {
    case "version":
      return String(version);
    case "account-id":
      return spec.accountId;
    case "interface-id":
      return item.id;
    case "log-status":
      return "OK";
    case "vpc-id":
      return spec.vpcId;
    case "subnet-id":
      return spec.subnets[item.subnet]!.id;
    case "instance-id":
      return item.instanceId ?? "-";
    case "region":
      return spec.region;
    case "az-id":
      return spec.subnets[item.subnet]!.zoneId;
    case "interface-type":
      return logInterfaceType(item.kind);
    default:
      return "-";
  }
}

/** Fields that a line without traffic shows; all others are `-` (AWS's examples: NODATA, SKIPDATA). */
const STATUS_FIELDS: readonly string[] = ["version", "account-id", "interface-id"];

/** Writes lines of one format for one account. */
export class LineWriter {
  readonly #program: Int8Array;
  /** Per static run and interface. */
  readonly #runs: Uint8Array[][] = [];
  readonly #spec: AccountSpec;
  readonly #fields: readonly string[];
  readonly #version: number;

  constructor(spec: AccountSpec, fields: readonly string[]) {
    this.#spec = spec;
    this.#fields = fields;
    this.#version = formatVersion(fields);
    const program: number[] = [];
    let run: string[] = [];
    const closeRun = (): void => {
      if (run.length === 0) return;
      const names = run;
      run = [];
      program.push(OP_STATIC + this.#runs.length);
      this.#runs.push(spec.interfaces.map((_, index) => this.#encodeRun(names, index)));
    };
    for (const field of fields) {
      const operation = OPERATIONS.get(field);
      if (operation === undefined) {
        run.push(field);
        continue;
      }
      closeRun();
      program.push(operation);
    }
    closeRun();
    this.#program = Int8Array.from(program);
  }

  #encodeRun(names: readonly string[], index: number): Uint8Array {
    const parts = names.map((name) => staticField(this.#spec, index, name, this.#version));
    return encoder.encode(parts.join(" "));
  }

  /** The line that names the fields. */
  header(): Uint8Array {
    return encoder.encode(`${this.#fields.join(" ")}\n`);
  }

  /** Writes one OK line with its newline at `at`; at most MAX_LINE bytes. Returns the position after it. */
  write(out: Uint8Array, at: number, record: LineRecord): number {
    let next = at;
    for (const operation of this.#program) {
      next = this.#writeField(out, next, operation, record);
      out[next++] = 32;
    }
    out[next - 1] = 10;
    return next;
  }

  #writeField(out: Uint8Array, at: number, operation: number, record: LineRecord): number {
    switch (operation) {
      case OP_SRCADDR:
      case OP_DSTADDR:
      case OP_PKT_SRCADDR:
      case OP_PKT_DSTADDR:
        return writeAddress(out, at, record.family, record.addresses, operation * 4);
      case OP_SRCPORT:
        return writeNumber(out, at, record.sourcePort);
      case OP_DSTPORT:
        return writeNumber(out, at, record.destinationPort);
      case OP_PROTOCOL:
        return writeNumber(out, at, record.protocol);
      case OP_PACKETS:
        return writeNumber(out, at, record.packets);
      case OP_BYTES:
        return writeNumber(out, at, record.bytes);
      case OP_START:
        return writeNumber(out, at, record.start);
      case OP_END:
        return writeNumber(out, at, record.end);
      case OP_ACTION:
        return writeText(out, at, record.rejected ? REJECT : ACCEPT);
      case OP_TCP_FLAGS:
        return this.#writeOptional(out, at, record.tcpFlags, -1);
      case OP_TYPE:
        // "IPv4" or "IPv6"
        out[at] = 73;
        out[at + 1] = 80;
        out[at + 2] = 118;
        out[at + 3] = 48 + record.family;
        return at + 4;
      case OP_DIRECTION:
        return writeText(out, at, record.egress ? EGRESS : INGRESS);
      case OP_TRAFFIC_PATH:
        return this.#writeOptional(out, at, record.trafficPath, 0);
      default:
        return writeText(out, at, this.#runs[operation - OP_STATIC]![record.interfaceIndex]!);
    }
  }

  #writeOptional(out: Uint8Array, at: number, value: number, none: number): number {
    if (value !== none) return writeNumber(out, at, value);
    out[at] = 45;
    return at + 1;
  }

  /** Writes a NODATA or SKIPDATA line; same contract as `write`. Rare: allocates. */
  writeStatus(
    out: Uint8Array,
    at: number,
    interfaceIndex: number,
    start: number,
    end: number,
    status: "NODATA" | "SKIPDATA",
  ): number {
    const values = this.#fields.map((field) => {
      if (field === "start") return String(start);
      if (field === "end") return String(end);
      if (field === "log-status") return status;
      if (!STATUS_FIELDS.includes(field)) return "-";
      return staticField(this.#spec, interfaceIndex, field, this.#version);
    });
    const text = encoder.encode(`${values.join(" ")}\n`);
    out.set(text, at);
    return at + text.length;
  }
}
