// What really happened, beside each line: the answer an evaluator is measured against.

/** Truth of the lines of one chunk, one element per line without the header. */
export interface TruthColumns {
  readonly count: number;
  /** Who opened the connection: codes of the contract (0 = nobody of the two, 1 local, 2 remote). */
  readonly opener: Uint8Array;
  /** TRUTH_ALLOW, TRUTH_DENY or TRUTH_NONE. */
  readonly verdict: Uint8Array;
  /** Why a record is not the plain work of the rules: an index into CAUSES. */
  readonly cause: Uint8Array;
  /** What the traffic was: an index into TRAFFIC_KINDS. */
  readonly kind: Uint8Array;
  /** Number of the connection from 1 on; 0 where the line is of none. Wraps after 2^32. */
  readonly connection: Uint32Array;
}

/** What the groups of the interface did to the packets of the record, state included. */
export const TRUTH_ALLOW = 0;
export const TRUTH_DENY = 1;
/** NODATA, SKIPDATA, or an interface without groups. */
export const TRUTH_NONE = 2;

/**
 * `acl`: the network ACL stopped packets that the groups let pass.
 * `late`: AWS had forgotten the connection (closed or idle), and the packets came from its responder.
 * `late-near`: the same, but so soon (240 s) that shown times, each up to 60 s off, may hide it.
 * `reopened`: the same, but the rules admit the responder's direction: AWS now takes it for the opener.
 * `through-balancer`: admitted because it came through a load balancer that kept the client's address.
 * `before-log`: the connection is older than the log.
 */
export const CAUSES: readonly string[] = [
  "",
  "before-log",
  "through-balancer",
  "reopened",
  "late-near",
  "late",
  "acl",
];
export const CAUSE_BEFORE_LOG = 1;
export const CAUSE_BALANCER = 2;
export const CAUSE_REOPENED = 3;
export const CAUSE_LATE_NEAR = 4;
export const CAUSE_LATE = 5;
export const CAUSE_ACL = 6;

/** Kinds of traffic; index 0 is for lines without any. */
export const TRAFFIC_KINDS: readonly string[] = [
  "none",
  "tcp",
  "udp",
  "icmp",
  "other",
  "scan",
  "attempt",
  "backscatter",
  "peer-to-peer",
];
export const KIND_NONE = 0;
export const KIND_TCP = 1;
export const KIND_UDP = 2;
export const KIND_ICMP = 3;
export const KIND_OTHER = 4;
export const KIND_SCAN = 5;
export const KIND_ATTEMPT = 6;
export const KIND_BACKSCATTER = 7;
export const KIND_PEER = 8;

const OPENERS = ["none", "local", "remote"];
const VERDICTS = ["allow", "deny", "not-applicable"];

export const TRUTH_CSV_HEADER = "file,line,opener,verdict,cause,kind,connection\n";

/** Truth of a chunk as CSV lines; `firstLine` is the physical line (1-based) of the chunk's first record in the file. */
export function truthCsv(truth: TruthColumns, file: string, firstLine: number): string {
  const name = /[",\n\r]/.test(file) ? `"${file.replaceAll('"', '""')}"` : file;
  const lines: string[] = [];
  for (let i = 0; i < truth.count; i++) {
    const opener = OPENERS[truth.opener[i]!];
    const verdict = VERDICTS[truth.verdict[i]!];
    const cause = CAUSES[truth.cause[i]!];
    const kind = TRAFFIC_KINDS[truth.kind[i]!];
    lines.push(
      `${name},${firstLine + i},${opener},${verdict},${cause},${kind},${truth.connection[i]}\n`,
    );
  }
  return lines.join("");
}

/** Truth columns that grow to `capacity` lines; reused by their owner. */
export class TruthBuffer {
  count = 0;
  readonly opener: Uint8Array;
  readonly verdict: Uint8Array;
  readonly cause: Uint8Array;
  readonly kind: Uint8Array;
  readonly connection: Uint32Array;

  constructor(capacity: number) {
    this.opener = new Uint8Array(capacity);
    this.verdict = new Uint8Array(capacity);
    this.cause = new Uint8Array(capacity);
    this.kind = new Uint8Array(capacity);
    this.connection = new Uint32Array(capacity);
  }

  push(opener: number, verdict: number, cause: number, kind: number, connection: number): void {
    const at = this.count++;
    this.opener[at] = opener;
    this.verdict[at] = verdict;
    this.cause[at] = cause;
    this.kind[at] = kind;
    this.connection[at] = connection;
  }

  /** Copies elements [from, to) of another buffer to the end of this one. */
  append(other: TruthBuffer, from: number, to: number): void {
    this.opener.set(other.opener.subarray(from, to), this.count);
    this.verdict.set(other.verdict.subarray(from, to), this.count);
    this.cause.set(other.cause.subarray(from, to), this.count);
    this.kind.set(other.kind.subarray(from, to), this.count);
    this.connection.set(other.connection.subarray(from, to), this.count);
    this.count += to - from;
  }

  /** A copy of what is in it; the buffer is empty afterwards. */
  take(): TruthColumns {
    const count = this.count;
    this.count = 0;
    return {
      count,
      opener: this.opener.slice(0, count),
      verdict: this.verdict.slice(0, count),
      cause: this.cause.slice(0, count),
      kind: this.kind.slice(0, count),
      connection: this.connection.slice(0, count),
    };
  }
}
