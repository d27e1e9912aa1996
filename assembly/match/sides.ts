// Verdict, reason and detail of an outcome, for records that AWS ACCEPTed and for those it REJECTed.

import {
  REASON_ACL,
  REASON_NOT_FILTERED,
  VERDICT_ALLOW,
  VERDICT_DENY,
  VERDICT_UNKNOWN,
} from "../shared/codes";
import { OutcomeRow } from "./rows";

/** Semantics 5.6: the reasons are in the order of their verdicts. */
function verdictOf(reason: i32): u8 {
  if (reason <= REASON_NOT_FILTERED) return <u8>VERDICT_ALLOW;
  return reason <= REASON_ACL ? <u8>VERDICT_DENY : <u8>VERDICT_UNKNOWN;
}

/** What holds for a record AWS ACCEPTed. */
export function setAccepted(row: OutcomeRow, reason: i32, detail: u32): void {
  row.acceptedVerdict = verdictOf(reason);
  row.acceptedReason = <u8>reason;
  row.acceptedDetail = detail;
}

/** What holds for one it REJECTed. */
export function setRejected(row: OutcomeRow, reason: i32, detail: u32): void {
  row.rejectedVerdict = verdictOf(reason);
  row.rejectedReason = <u8>reason;
  row.rejectedDetail = detail;
}
