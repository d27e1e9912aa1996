import type { Address } from "./address.js";
import type { Action, Direction, Grade, LogStatus, Opener, Reason, Verdict } from "./verdict.js";

/** One decoded flow-log line. `null` = the field is absent from the format or was `-`. */
export interface FlowRecord {
  readonly interfaceId: string | null;
  readonly resourceId: string | null;
  readonly srcAddr: Address | null;
  readonly dstAddr: Address | null;
  readonly srcPort: number | null;
  readonly dstPort: number | null;
  readonly protocol: number | null;
  readonly packets: bigint | null;
  readonly bytes: bigint | null;
  readonly start: number | null;
  readonly end: number | null;
  readonly action: Action | null;
  readonly logStatus: LogStatus;
  readonly tcpFlags: number | null;
  readonly pktSrcAddr: Address | null;
  readonly pktDstAddr: Address | null;
  readonly flowDirection: Direction | null;
  /** File as shown to the user, and 1-based physical line. */
  readonly file: string;
  readonly line: number;
}

/** What the evaluator says of one record. */
export interface Judgement {
  readonly record: FlowRecord;
  readonly direction: Direction | null;
  readonly verdict: Verdict;
  readonly reason: Reason;
  /** The field, peer, group or entry the reason names; empty where none. */
  readonly detail: string;
  /** Identities of all matching rules, in rule-set order (by group id, then order in the document). */
  readonly rules: readonly string[];
  readonly opener: Opener;
  readonly grade: Grade;
}
