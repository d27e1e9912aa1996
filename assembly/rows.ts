// The rows of shared/layout.ts as classes, for one purpose: the compiler refuses to build when an offset there is not
// where the fields before it end. Nothing of this file is left in the built core.

import * as L from "./shared/layout";

@unmanaged
class RecordRow {
  octets: u64;
  start: u32;
  end: u32;
  bits: u32;
  line: u32;
  file: u32;
  conn: u32;
}

if (offsetof<RecordRow>() != L.ROW_BYTES) ERROR("layout: ROW_BYTES");
if (offsetof<RecordRow>("octets") != L.ROW_OCTETS) ERROR("layout: ROW_OCTETS");
if (offsetof<RecordRow>("start") != L.ROW_START) ERROR("layout: ROW_START");
if (offsetof<RecordRow>("end") != L.ROW_END) ERROR("layout: ROW_END");
if (offsetof<RecordRow>("bits") != L.ROW_BITS) ERROR("layout: ROW_BITS");
if (offsetof<RecordRow>("line") != L.ROW_LINE) ERROR("layout: ROW_LINE");
if (offsetof<RecordRow>("file") != L.ROW_FILE) ERROR("layout: ROW_FILE");
if (offsetof<RecordRow>("conn") != L.ROW_CONN) ERROR("layout: ROW_CONN");

@unmanaged
class ConnectionRow {
  keyA: u64;
  keyB: u64;
  lastEnd: u32;
  first0: u32;
  first1: u32;
  state: u32;
  closeAt: u32;
  pending: u32;
  sides: u32;
  touched: u32;
  oriented: u32;
  first: u32;
  outcome: u32;
  bits: u32;
}

if (offsetof<ConnectionRow>() != L.CONN_BYTES) ERROR("layout: CONN_BYTES");
if (offsetof<ConnectionRow>("keyA") != L.CONN_KEY_A) ERROR("layout: CONN_KEY_A");
if (offsetof<ConnectionRow>("keyB") != L.CONN_KEY_B) ERROR("layout: CONN_KEY_B");
if (offsetof<ConnectionRow>("lastEnd") != L.CONN_LAST_END) ERROR("layout: CONN_LAST_END");
if (offsetof<ConnectionRow>("first0") != L.CONN_FIRST_0) ERROR("layout: CONN_FIRST_0");
if (offsetof<ConnectionRow>("first1") != L.CONN_FIRST_1) ERROR("layout: CONN_FIRST_1");
if (offsetof<ConnectionRow>("state") != L.CONN_STATE) ERROR("layout: CONN_STATE");
if (offsetof<ConnectionRow>("closeAt") != L.CONN_CLOSE_AT) ERROR("layout: CONN_CLOSE_AT");
if (offsetof<ConnectionRow>("pending") != L.CONN_PENDING) ERROR("layout: CONN_PENDING");
if (L.CONN_SUCCESSOR != L.CONN_CLOSE_AT) ERROR("layout: CONN_SUCCESSOR");
if (offsetof<ConnectionRow>("sides") != L.CONN_SIDES) ERROR("layout: CONN_SIDES");
if (offsetof<ConnectionRow>("touched") != L.CONN_TOUCHED) ERROR("layout: CONN_TOUCHED");
if (offsetof<ConnectionRow>("oriented") != L.CONN_ORIENTED) ERROR("layout: CONN_ORIENTED");
if (offsetof<ConnectionRow>("first") != L.CONN_FIRST) ERROR("layout: CONN_FIRST");
if (offsetof<ConnectionRow>("outcome") != L.CONN_JUDGEMENT + L.JUDGEMENT_OUTCOME)
  ERROR("layout: JUDGEMENT_OUTCOME");
if (offsetof<ConnectionRow>("bits") != L.CONN_JUDGEMENT + L.JUDGEMENT_BITS)
  ERROR("layout: JUDGEMENT_BITS");
if (L.CONN_BYTES != L.CONN_JUDGEMENT + L.JUDGEMENT_BYTES) ERROR("layout: CONN_JUDGEMENT");

@unmanaged
class EndpointRow {
  key: u64;
  what: u64;
}

if (offsetof<EndpointRow>() != L.ENDPOINT_BYTES) ERROR("layout: ENDPOINT_BYTES");
if (offsetof<EndpointRow>("key") != L.ENDPOINT_KEY) ERROR("layout: ENDPOINT_KEY");
if (offsetof<EndpointRow>("what") != L.ENDPOINT_WHAT) ERROR("layout: ENDPOINT_WHAT");

@unmanaged
class EpochRow {
  farEnds: u64;
  first: u32;
  last: u32;
  next: u32;
  tail: u32;
}

if (offsetof<EpochRow>() != L.EPOCH_BYTES) ERROR("layout: EPOCH_BYTES");
if (offsetof<EpochRow>("farEnds") != L.EPOCH_FAR_ENDS) ERROR("layout: EPOCH_FAR_ENDS");
if (offsetof<EpochRow>("first") != L.EPOCH_FIRST) ERROR("layout: EPOCH_FIRST");
if (offsetof<EpochRow>("last") != L.EPOCH_LAST) ERROR("layout: EPOCH_LAST");
if (offsetof<EpochRow>("next") != L.EPOCH_NEXT) ERROR("layout: EPOCH_NEXT");
if (offsetof<EpochRow>("tail") != L.EPOCH_TAIL) ERROR("layout: EPOCH_TAIL");

// Input columns stand one behind the other, BATCH_ROWS entries each.
if (L.COL_INTERFACE != L.COL_PRESENT + 4 * L.BATCH_ROWS) ERROR("layout: COL_INTERFACE");
if (L.COL_START != L.COL_INTERFACE + 4 * L.BATCH_ROWS) ERROR("layout: COL_START");
if (L.COL_END != L.COL_START + 4 * L.BATCH_ROWS) ERROR("layout: COL_END");
if (L.COL_SRCPORT != L.COL_END + 4 * L.BATCH_ROWS) ERROR("layout: COL_SRCPORT");
if (L.COL_DSTPORT != L.COL_SRCPORT + 2 * L.BATCH_ROWS) ERROR("layout: COL_DSTPORT");
if (L.COL_PROTOCOL != L.COL_DSTPORT + 2 * L.BATCH_ROWS) ERROR("layout: COL_PROTOCOL");
if (L.COL_STATUS != L.COL_PROTOCOL + L.BATCH_ROWS) ERROR("layout: COL_STATUS");
if (L.COL_ACTION != L.COL_STATUS + L.BATCH_ROWS) ERROR("layout: COL_ACTION");
if (L.COL_DIRECTION != L.COL_ACTION + L.BATCH_ROWS) ERROR("layout: COL_DIRECTION");
if (L.COL_TCP_FLAGS != L.COL_DIRECTION + L.BATCH_ROWS) ERROR("layout: COL_TCP_FLAGS");
if (L.COL_REJECT_REASON != L.COL_TCP_FLAGS + L.BATCH_ROWS) ERROR("layout: COL_REJECT_REASON");
if (L.COL_NAT_RESOURCE != L.COL_REJECT_REASON + L.BATCH_ROWS) ERROR("layout: COL_NAT_RESOURCE");
if (L.COL_PACKETS != L.COL_NAT_RESOURCE + L.BATCH_ROWS) ERROR("layout: COL_PACKETS");
if (L.COL_BYTES != L.COL_PACKETS + 8 * L.BATCH_ROWS) ERROR("layout: COL_BYTES");
if (L.COL_SRCADDR != L.COL_BYTES + 8 * L.BATCH_ROWS) ERROR("layout: COL_SRCADDR");
if (L.COL_DSTADDR != L.COL_SRCADDR + 16 * L.BATCH_ROWS) ERROR("layout: COL_DSTADDR");
if (L.COL_PKT_SRCADDR != L.COL_DSTADDR + 16 * L.BATCH_ROWS) ERROR("layout: COL_PKT_SRCADDR");
if (L.COL_PKT_DSTADDR != L.COL_PKT_SRCADDR + 16 * L.BATCH_ROWS) ERROR("layout: COL_PKT_DSTADDR");
if (L.COL_LINE != L.COL_PKT_DSTADDR + 16 * L.BATCH_ROWS) ERROR("layout: COL_LINE");
if (L.COL_TEXT != L.COL_LINE + 4 * L.BATCH_ROWS) ERROR("layout: COL_TEXT");
if (L.COL_TEXT_BYTES != L.COL_TEXT + 4 * L.BATCH_ROWS) ERROR("layout: COL_TEXT_BYTES");
if (L.COLUMNS_BYTES != L.COL_TEXT_BYTES + 4 * L.BATCH_ROWS) ERROR("layout: COLUMNS_BYTES");

// Emission results, EMIT_ROWS entries each; a column's values hold one offset more than rows.
if (L.EMIT_DETAIL != L.EMIT_MISSING + L.EMIT_ROWS) ERROR("layout: EMIT_DETAIL");
if (L.EMIT_RULES != L.EMIT_DETAIL + 4 * L.EMIT_ROWS) ERROR("layout: EMIT_RULES");
if (L.EMIT_FILE != L.EMIT_RULES + 4 * L.EMIT_ROWS) ERROR("layout: EMIT_FILE");
if (L.EMIT_LINE != L.EMIT_FILE + 4 * L.EMIT_ROWS) ERROR("layout: EMIT_LINE");
if (L.EMIT_RESULTS_BYTES != L.EMIT_LINE + 4 * L.EMIT_ROWS) ERROR("layout: EMIT_RESULTS_BYTES");
if (L.EMIT_VALUES_BYTES < 8 * (L.EMIT_ROWS + 1)) ERROR("layout: EMIT_VALUES_BYTES");
if (L.EMIT_COLUMN_BYTES != L.EMIT_VALUES_BYTES + L.EMIT_VALIDITY_BYTES)
  ERROR("layout: EMIT_COLUMN_BYTES");

if (L.EMIT_FURTHER_DETAIL != L.EMIT_FURTHER_CHANGE + L.EMIT_ROWS)
  ERROR("layout: EMIT_FURTHER_DETAIL");
if (L.EMIT_FURTHER_RULES != L.EMIT_FURTHER_DETAIL + 4 * L.EMIT_ROWS)
  ERROR("layout: EMIT_FURTHER_RULES");
if (L.EMIT_FURTHER_BYTES != L.EMIT_FURTHER_RULES + 4 * L.EMIT_ROWS)
  ERROR("layout: EMIT_FURTHER_BYTES");

@unmanaged
class OpenerRow {
  high: u64;
  low: u64;
  face: u32;
  protocol: u32;
  port: u16;
  otherPort: u16;
  vector: u32;
  flags: u32;
  clientLow: u16;
  clientHigh: u16;
  connections: u64;
  assumed: u64;
  forward: u64;
  replies: u64;
  octets: u64;
  first: u32;
  last: u32;
}

if (offsetof<OpenerRow>("face") != L.OPENING_INTERFACE) ERROR("layout: OPENING_INTERFACE");
if (offsetof<OpenerRow>("port") != L.OPENING_PORT) ERROR("layout: OPENING_PORT");
if (offsetof<OpenerRow>("otherPort") != L.OPENING_OTHER_PORT) ERROR("layout: OPENING_OTHER_PORT");
if (offsetof<OpenerRow>("vector") != L.OPENING_VECTOR) ERROR("layout: OPENING_VECTOR");
if (offsetof<OpenerRow>("flags") != L.OPENING_FLAGS) ERROR("layout: OPENING_FLAGS");
if (offsetof<OpenerRow>("clientLow") != L.OPENING_CLIENT_LOW) ERROR("layout: OPENING_CLIENT_LOW");
if (offsetof<OpenerRow>("clientHigh") != L.OPENING_CLIENT_HIGH)
  ERROR("layout: OPENING_CLIENT_HIGH");
if (offsetof<OpenerRow>("connections") != L.OPENING_CONNECTIONS)
  ERROR("layout: OPENING_CONNECTIONS");
if (offsetof<OpenerRow>("assumed") != L.OPENING_ASSUMED) ERROR("layout: OPENING_ASSUMED");
if (offsetof<OpenerRow>("forward") != L.OPENING_FORWARD) ERROR("layout: OPENING_FORWARD");
if (offsetof<OpenerRow>("replies") != L.OPENING_REPLIES) ERROR("layout: OPENING_REPLIES");
if (offsetof<OpenerRow>("octets") != L.OPENING_OCTETS) ERROR("layout: OPENING_OCTETS");
if (offsetof<OpenerRow>("first") != L.OPENING_FIRST) ERROR("layout: OPENING_FIRST");
if (offsetof<OpenerRow>("last") != L.OPENING_LAST) ERROR("layout: OPENING_LAST");
if (L.OPENING_SAMPLES != L.OPENING_LAST + 4) ERROR("layout: OPENING_SAMPLES");
if (L.OPENING_BYTES != L.OPENING_SAMPLES + 12 * L.TUPLE_SAMPLE_COUNT + 4)
  ERROR("layout: OPENING_BYTES");
if (L.LEDGER_FLAGS != L.LEDGER_SAMPLES + 12 * L.TUPLE_SAMPLE_COUNT) ERROR("layout: LEDGER_FLAGS");
if (L.LEDGER_BYTES != L.LEDGER_FLAGS + 4) ERROR("layout: LEDGER_BYTES");
if (L.VECTOR_RULINGS != 8 * L.VECTOR_COUNT_SLOTS) ERROR("layout: VECTOR_RULINGS");

@unmanaged
class BorderRow {
  localHigh: u64;
  localLow: u64;
  remoteHigh: u64;
  remoteLow: u64;
  octets: u64;
  face: u32;
  protocol: u32;
  localPort: u16;
  remotePort: u16;
  first: u32;
  firstLocal: u32;
  firstRemote: u32;
  lastEnd: u32;
  closeAt: u32;
  state: u32;
  at: u32;
  localRecords: u32;
  remoteRecords: u32;
  flags: u32;
}

if (offsetof<BorderRow>("localHigh") != L.BORDER_LOCAL) ERROR("layout: BORDER_LOCAL");
if (offsetof<BorderRow>("remoteHigh") != L.BORDER_REMOTE) ERROR("layout: BORDER_REMOTE");
if (offsetof<BorderRow>("octets") != L.BORDER_OCTETS) ERROR("layout: BORDER_OCTETS");
if (offsetof<BorderRow>("face") != L.BORDER_INTERFACE) ERROR("layout: BORDER_INTERFACE");
if (offsetof<BorderRow>("protocol") != L.BORDER_PROTOCOL) ERROR("layout: BORDER_PROTOCOL");
if (offsetof<BorderRow>("localPort") != L.BORDER_LOCAL_PORT) ERROR("layout: BORDER_LOCAL_PORT");
if (offsetof<BorderRow>("remotePort") != L.BORDER_REMOTE_PORT) ERROR("layout: BORDER_REMOTE_PORT");
if (offsetof<BorderRow>("first") != L.BORDER_FIRST) ERROR("layout: BORDER_FIRST");
if (offsetof<BorderRow>("firstLocal") != L.BORDER_FIRST_LOCAL) ERROR("layout: BORDER_FIRST_LOCAL");
if (offsetof<BorderRow>("firstRemote") != L.BORDER_FIRST_REMOTE)
  ERROR("layout: BORDER_FIRST_REMOTE");
if (offsetof<BorderRow>("lastEnd") != L.BORDER_LAST_END) ERROR("layout: BORDER_LAST_END");
if (offsetof<BorderRow>("closeAt") != L.BORDER_CLOSE_AT) ERROR("layout: BORDER_CLOSE_AT");
if (offsetof<BorderRow>("state") != L.BORDER_STATE) ERROR("layout: BORDER_STATE");
if (offsetof<BorderRow>("at") != L.BORDER_AT) ERROR("layout: BORDER_AT");
if (offsetof<BorderRow>("localRecords") != L.BORDER_LOCAL_RECORDS)
  ERROR("layout: BORDER_LOCAL_RECORDS");
if (offsetof<BorderRow>("remoteRecords") != L.BORDER_REMOTE_RECORDS)
  ERROR("layout: BORDER_REMOTE_RECORDS");
if (offsetof<BorderRow>("flags") != L.BORDER_FLAGS) ERROR("layout: BORDER_FLAGS");
if (L.BORDER_SAMPLES != L.BORDER_FLAGS + 4) ERROR("layout: BORDER_SAMPLES");
if (L.BORDER_LOCAL_FAR_ENDS != L.BORDER_SAMPLES + 12 * L.TUPLE_SAMPLE_COUNT)
  ERROR("layout: BORDER_LOCAL_FAR_ENDS");
if (L.BORDER_REMOTE_FAR_ENDS != L.BORDER_LOCAL_FAR_ENDS + 8)
  ERROR("layout: BORDER_REMOTE_FAR_ENDS");
if (L.BORDER_LOCAL_EPOCH != L.BORDER_REMOTE_FAR_ENDS + 8) ERROR("layout: BORDER_LOCAL_EPOCH");
if (L.BORDER_REMOTE_EPOCH != L.BORDER_LOCAL_EPOCH + 8) ERROR("layout: BORDER_REMOTE_EPOCH");
if (L.BORDER_BYTES != L.BORDER_REMOTE_EPOCH + 8) ERROR("layout: BORDER_BYTES");

// Rows of several kinds end before the next begins.
if (L.TUPLE_CAUSES != L.TUPLE_SAMPLES + 12 * L.TUPLE_SAMPLE_COUNT) ERROR("layout: TUPLE_CAUSES");
if (L.TUPLE_BYTES < L.TUPLE_CAUSES + 4 * L.CAUSE_COUNT) ERROR("layout: TUPLE_BYTES");
if (L.STATE_ALIKE < L.STATE_TIMERS + 24) ERROR("layout: STATE_ALIKE");
if (L.STATE_BYTES < L.STATE_ALIKE + 4) ERROR("layout: STATE_BYTES");
if (L.STATE_CANDIDATE_COUNTS != L.STATE_CANDIDATES + 64) ERROR("layout: STATE_CANDIDATE_COUNTS");
if (L.COUNTER_SLOTS < L.COUNT_CAUSES + L.CAUSE_COUNT) ERROR("layout: COUNTER_SLOTS");
