// Layout of everything the core keeps in linear memory: the contract. Portable: literals only.
// Sizes and offsets in bytes; "Off" = offset inside the row. The AssemblyScript side checks the sums at compile time
// (assembly/rows.ts), the host compares every value with the exported global at load time.

export const LAYOUT_VERSION = 3;

// ---- Input columns of one batch: one array per field, BATCH_ROWS entries each, in this order, 64-byte aligned.
// Filled by decode from text.
export const BATCH_ROWS = 8192;
export const COL_PRESENT = 0; // u32: bit per FIELD_* that is present and not `-`
export const COL_INTERFACE = 32768; // u32 interface index, 0xffffffff = none
export const COL_START = 65536; // u32 seconds
export const COL_END = 98304; // u32 seconds
export const COL_SRCPORT = 131072; // u16
export const COL_DSTPORT = 147456; // u16
export const COL_PROTOCOL = 163840; // u8
export const COL_STATUS = 172032; // u8 STATUS_*
export const COL_ACTION = 180224; // u8 ACTION_*
export const COL_DIRECTION = 188416; // u8 DIRECTION_*
export const COL_TCP_FLAGS = 196608; // u8
export const COL_REJECT_REASON = 204800; // u8 REJECT_REASON_*
export const COL_NAT_RESOURCE = 212992; // u8: 1 = resource-id begins with nat-
export const COL_PACKETS = 221184; // u64
export const COL_BYTES = 286720; // u64
export const COL_SRCADDR = 352256; // 2 x u64: high, low (IPv4 as ::ffff:a.b.c.d)
export const COL_DSTADDR = 483328;
export const COL_PKT_SRCADDR = 614400;
export const COL_PKT_DSTADDR = 745472;
export const COL_LINE = 876544; // u32 physical line, 1-based
export const COL_TEXT = 909312; // u32 pointer of the line's first byte
export const COL_TEXT_BYTES = 942080; // u32
export const COLUMNS_BYTES = 974848;

// ---- Record row: one record inside the look-ahead: a head of 32 bytes, and behind it what it needs.
//
//   0      8     12  16   20   24   28   32
//   |octets|start|end|bits|line|file|conn| text, what further timelines say | key | sides | shown |
//
// text and further results: in every row where records are wanted, else in none (lookahead/rows.ts).
// key: until the row's connection holds it (BIT_KEYED). keyA: IPv4: side 0 address << 32 | side 1 address; IPv6:
// fingerprint of both (the exact pair is in `sides`). keyB: see KEYB_*. Side 0 is the local side where the direction is
// known (4.7), else the smaller endpoint.
// sides: of IPv6 and unoriented keys: high, low of side 0, then of side 1. shown: of unoriented ones: srcaddr and dstaddr
// as shown (2.3).
export const ROW_BYTES = 32;
export const ROW_OCTETS = 0;
export const ROW_START = 8;
export const ROW_END = 12;
export const ROW_BITS = 16;
export const ROW_LINE = 20;
export const ROW_FILE = 24;
export const ROW_CONN = 28;
// After a row was judged and before it is emitted, the octets' place holds the baseline's result:
//   0: rules u32 (RULES_*) · 4: detail u32
export const ROW_RESULT_RULES = 0;
export const ROW_RESULT_DETAIL = 4;
export const ROW_KEY_BYTES = 16;
export const SIDES_BYTES = 32;
// Rules of a result: number of the interned rule set, and above it the image whose matcher interned it.
export const RULES_IMAGE_SHIFT = 26;
export const RULES_SET_MASK = 67108863;

// ---- Timelines: the baseline is 0; candidates follow. An image is a compiled rule set; a period is an image from a time on.
export const MAX_IMAGES = 64;
export const MAX_TIMELINES = 24;
export const MAX_PERIODS = 1024;
// What a timeline is for. One that is kept judges no record: it tells what becomes, at the cut-over, of connections that
// were opened before it, by the rules that hold for them then (semantics 9.3).
export const TIMELINE_JUDGES = 0;
export const TIMELINE_KEPT = 1;

// ---- Result of a row under one further timeline, beside the row while it waits to be emitted: 12 bytes each.
export const FURTHER_BYTES = 12;
export const FURTHER_CODE = 0; // reason, change above it
export const FURTHER_DETAIL = 4;
export const FURTHER_RULES = 8;
export const FURTHER_CHANGE_SHIFT = 8;

// ---- How a timeline changes what the baseline says (semantics 9.1).
export const CHANGE_NEWLY_DENIED = 0;
export const CHANGE_NEWLY_ALLOWED = 1;
export const CHANGE_UNCHANGED = 2;
export const CHANGE_UNDETERMINED = 3;
export const CHANGE_COUNT = 4;
// Change counters: per timeline records, then bytes, u64 per change; those of the baseline count for every further one.
export const CHANGES_BYTES = 64;
export const CHANGES_OCTETS = 32;

// keyB, from the low end: side 0 port 16 · side 1 port 16 · protocol 8 · IPv6 1 · unoriented 1 · interface 22.
export const KEYB_PORT1_SHIFT = 16;
export const KEYB_PROTOCOL_SHIFT = 32;
export const KEYB_IPV6_SHIFT = 40;
export const KEYB_UNORIENTED_SHIFT = 41;
export const KEYB_INTERFACE_SHIFT = 42;
export const MAX_INTERFACES = 4194303;

// Row bits, from the low end.
export const BIT_ACTION_MASK = 3; // ACTION_*
export const BIT_SKIPDATA = 4;
export const BIT_FROM_SIDE_1 = 8; // side 1 sent the record
export const BIT_SRC_LARGER = 16; // canonical order: the source endpoint is the larger one (semantics 7.1)
export const BIT_FLAGS_SHIFT = 5; // 4 bits: FIN SYN RST ACK
export const BIT_FLAGS_KNOWN = 512;
export const BIT_PRESET_SHIFT = 10; // 5 bits: reason + 1 where no connection is needed, 0 otherwise
export const BIT_MISSING_SHIFT = 15; // 5 bits: FIELD_* that 1.5 names
export const BIT_EXPIRED = 1048576; // 6.3: lost its entry
export const BIT_AFTER_CLOSE = 2097152; // 6.4
export const BIT_NOT_FILTERED = 4194304; // 1.4 holds: no group and no ACL filters it
export const BIT_REJECT_REASON_SHIFT = 23; // 2 bits
export const BIT_HAS_PKT = 33554432; // the format gave pkt-* addresses
export const BIT_EVIDENCE_ONLY = 67108864; // another shard judges it
export const BIT_LOST_FIRST = 536870912; // the first of those in its connection
export const BIT_DIRECTION_SHIFT = 27; // 2 bits DIRECTION_*, where known before judging
export const BIT_KEYED = 1073741824; // the row holds its key; kept in the result
export const BIT_PACKETS_SHIFT = 31; // 1 bit: more than one packet

// Result bits after judging (bits word, while waiting to be emitted).
export const RESULT_REASON_SHIFT = 0; // 5 bits
export const RESULT_GRADE_SHIFT = 5; // 3 bits
export const RESULT_OPENER_SHIFT = 8; // 2 bits
export const RESULT_DIRECTION_SHIFT = 10; // 2 bits
export const RESULT_MISSING_SHIFT = 12; // 5 bits FIELD_*

// ---- Connection: 64 bytes, one cache line, with the baseline's judgement. Those of further timelines live beside it
// (JUDGEMENT_BYTES per connection and timeline).
//
//   0      8      16      20      24      28     32      36      40    44      48       52    56          64
//   |keyA | keyB |lastEnd|first0 |first1 |state |closeAt|pending|sides|touched|oriented|first|judgement |
export const CONN_BYTES = 64;
export const CONN_KEY_A = 0;
export const CONN_KEY_B = 8;
export const CONN_LAST_END = 16;
export const CONN_FIRST_0 = 20; // first start of side 0; 0xffffffff = not seen
export const CONN_FIRST_1 = 24;
export const CONN_STATE = 28;
export const CONN_CLOSE_AT = 32; // when it was closed (ST_CLOSED)
export const CONN_SUCCESSOR = 32; // the same place, once there is a newer connection of its key (ST_SUPERSEDED): that one
export const CONN_PENDING = 36; // rows of it that are not judged yet
export const CONN_SIDES = 40; // addresses of an IPv6 connection, 0 = none (conntrack/sides.ts)
export const CONN_TOUCHED = 44; // slot in which it last touched its endpoints, + 1
export const CONN_ORIENTED = 48; // slot in which its opener was last asked for, + 1
export const CONN_FIRST = 52; // start of its first record in canonical order
export const CONN_JUDGEMENT = 56; // JUDGEMENT_*, the baseline's

// State bits, from the low end; "side" bits come in pairs (side 0, side 1).
export const ST_FLAGLESS = 1; // this side sent a record that is not TCP with tcp-flags (5.4)
export const ST_ACCEPT = 4;
export const ST_REJECT = 16;
export const ST_OPENED = 64; // measured evidence: this side opened
export const ST_FIN = 256;
export const ST_CLOSED = 1024;
export const ST_ESTABLISHED = 2048;
export const ST_PACKETS_SHIFT = 12; // 2 bits a side, saturating at 2
export const ST_UNCERTAIN = 65536; // first start in the first five minutes or in SKIPDATA (4.4)
export const ST_SUCCEEDS = 262144; // follows an expired connection (6.3)
export const ST_SUPERSEDED = 524288; // there is a newer connection of the same key
export const ST_GRADE_SHIFT = 20; // 3 bits: settled or last grade
export const ST_OPENER_SHIFT = 23; // 2 bits: 0 unknown, 1 side 0, 2 side 1
export const ST_EARLIER_GRADE_SHIFT = 25; // 3 bits: of the predecessor (6.3)
export const ST_EARLIER_OPENER_SHIFT = 28; // 2 bits
export const ST_IN_USE = 1073741824;

// ---- Judgement of one connection under one timeline: 8 bytes: outcome index + 1, bits.
export const JUDGEMENT_BYTES = 8;
export const JUDGEMENT_OUTCOME = 0;
export const JUDGEMENT_BITS = 4;
export const JB_COUNTED_MASK = 3; // verdict counted + 1
export const JB_ASSUMED = 4; // counted as opening assumed
export const JB_SIDE_SHIFT = 3; // 2 bits: what the outcome is for: 0 nothing yet, 1 side 0 opened, 2 side 1 opened, 3 unknown
export const JB_REFUSED = 64; // its first record was judged expired: it stays denied (6.3)
export const JB_HIT = 128; // its rules were counted as having admitted a connection
export const JB_CONDITIONAL = 32; // the outcome asks evidence that may change (3.5d, 3.6, 10.4): taken anew per record
export const JB_IMAGE_SHIFT = 8; // 6 bits: image the rules were asked of
export const JB_ALIKE = 1048576; // the baseline's: every timeline says the same of the connection, and nothing but its opener can change that
export const JB_NOW_SHIFT = 14; // 6 bits: image that held when the record was seen (its ACLs)

// ---- Ledger of one connection's judged records, kept where openers are folded: 56 bytes, then a ruling per timeline.
//
//   0        4        8      16               52    56
//   |records0|records1|octets|3 x samples     |flags| rulings |
export const LEDGER_BYTES = 56;
export const LEDGER_SIDE_0 = 0; // records that side 0 sent
export const LEDGER_SIDE_1 = 4;
export const LEDGER_OCTETS = 8;
export const LEDGER_SAMPLES = 16; // start u32, file u32, line u32; line 0 = none
export const LEDGER_FLAGS = 52;
export const LEDGER_ACCEPTED = 1; // side 0; 2 = side 1: AWS ACCEPTed a record of it
export const LEDGER_LOST = 64; // side 0; 128 = side 1: it sent the first record, which had lost its entry (6.3)
export const LEDGER_OPEN = 16; // side 0; 32 = side 1: a record of it was not REJECTed
export const LEDGER_LOCAL_1 = 4; // side 1 is the interface's own
export const LEDGER_JUDGED = 8; // a record of it was judged
export const LEDGER_AT_SHIFT = 8; // AT_* above, where a log is summed up
// A ruling: what one timeline says of a connection's opening.
export const RULING_BYTES = 16;
export const RULING_CODE = 0; // verdict, reason above it
export const RULING_DETAIL = 4;
export const RULING_RULES = 8; // RULES_*
export const RULING_OTHER = 12; // opener unknown: RULES_* of the egress reading where both allow, else what tells two readings from others
export const RULING_REASON_SHIFT = 8;

// ---- Pools: rows stand in segments of so many (as a shift), which never move.
export const POOL_SEGMENT_SHIFT = 14;

// ---- Verdicts: distinct combinations of rulings, 32 bytes of counts before the rulings.
export const VECTOR_COUNTS = 0; // u64 connections per PHASE_*; of stored rows: connections, forward, replies, octets
export const VECTOR_RULINGS = 32;
export const VECTOR_COUNT_SLOTS = 4;

// ---- Row of openers: 128 bytes: connections whose openings are alike.
//
//   0    8   16        20       24  26    28    32     36        38         40         48      56    64
//   |high|low|interface|protocol|port|other|vector|flags|clientLow|clientHigh|connections|assumed|forward|
//   64      72    80    84   88                124  128
//   |replies|octets|first|last|3 x samples       | -  |
export const OPENING_BYTES = 128;
export const OPENING_HIGH = 0; // remote address
export const OPENING_LOW = 8;
export const OPENING_INTERFACE = 16;
export const OPENING_PROTOCOL = 20;
export const OPENING_PORT = 24; // u16 served port; opener unknown: the lower one
export const OPENING_OTHER_PORT = 26; // u16, opener unknown only: the higher one
export const OPENING_VECTOR = 28;
export const OPENING_FLAGS = 32;
export const OPENING_CLIENT_LOW = 36; // u16: least and greatest port that openers used; opener unknown: 0
export const OPENING_CLIENT_HIGH = 38;
export const OPENING_CONNECTIONS = 40;
export const OPENING_ASSUMED = 48;
export const OPENING_FORWARD = 56;
export const OPENING_REPLIES = 64;
export const OPENING_OCTETS = 72;
export const OPENING_FIRST = 80;
export const OPENING_LAST = 84;
export const OPENING_SAMPLES = 88;
// Flags of a row of openers, from the low end.
export const OF_DIRECTION_MASK = 3; // DIRECTION_* of the opening
export const OF_GRADE_SHIFT = 2; // 3 bits
export const OF_ACTION_SHIFT = 5; // 2 bits ACTION_*
export const OF_PHASE_SHIFT = 7; // 2 bits PHASE_*
export const OF_LOCAL_LOWER = 512; // opener unknown: the lower port is the interface's own
export const OF_BOTH_SIDES = 1024; // opener unknown: both sides sent
export const OF_LOST_LOCAL = 2048; // the first record was REJECTed, having lost its entry (6.3): sent by the interface,
export const OF_LOST_REMOTE = 4096; // or by the other side
// Phase of a connection at the cut-over.
export const PHASE_NONE = 0;
export const PHASE_AFTER = 1; // opened at it or later
export const PHASE_OVER = 2; // opened and ended before it
export const PHASE_ACROSS = 3; // opened before it and alive at it
// What start() folds.
export const FOLD_NONE = 0;
export const FOLD_CHANGED = 1; // rows only of connections that some timeline judges otherwise
export const FOLD_ALL = 2;
export const FOLD_SUMMARY = 3; // all, and connections at the borders of the log by themselves

// ---- Connection at a border of a log, as a summary keeps it: 160 bytes. Another log may have begun it, or go on with it.
//
//   0          16          32     40        44       48        50         52    56         60          64      68
//   |local 2x8 |remote 2x8 |octets|interface|protocol|localPort|remotePort|first|firstLocal|firstRemote|lastEnd|closeAt|
//   72    76 80           84            88    92         128         136          144              152               160
//   |state|at|localRecords|remoteRecords|flags|3 x samples|localSketch|remoteSketch|localEpoch first last|remoteEpoch|
export const BORDER_BYTES = 160;
export const BORDER_LOCAL = 0; // high, low
export const BORDER_REMOTE = 16;
export const BORDER_OCTETS = 32;
export const BORDER_INTERFACE = 40;
export const BORDER_PROTOCOL = 44;
export const BORDER_LOCAL_PORT = 48; // u16
export const BORDER_REMOTE_PORT = 50; // u16
export const BORDER_FIRST = 52;
export const BORDER_FIRST_LOCAL = 56; // 0xffffffff = not seen
export const BORDER_FIRST_REMOTE = 60;
export const BORDER_LAST_END = 64;
export const BORDER_CLOSE_AT = 68;
export const BORDER_STATE = 72; // ST_*, side 0 the interface's own
export const BORDER_AT = 76; // AT_*, side 0 the interface's own
export const BORDER_LOCAL_RECORDS = 80;
export const BORDER_REMOTE_RECORDS = 84;
export const BORDER_FLAGS = 88; // LEDGER_ACCEPTED, LEDGER_OPEN, LEDGER_LOST
export const BORDER_SAMPLES = 92;
export const BORDER_LOCAL_FAR_ENDS = 128; // fan-out of both endpoints (4.3), in the epoch of the last end
export const BORDER_REMOTE_FAR_ENDS = 136;
export const BORDER_LOCAL_EPOCH = 144; // first slot, last slot with the mark; far ends 0 = none
export const BORDER_REMOTE_EPOCH = 152;
// How a connection stands to the borders.
export const AT_BEGIN = 1; // a log before may have begun it
export const AT_END = 2; // a log behind may go on with it
export const AT_SYN = 4; // its first record has SYN,
export const AT_REJECT = 8; // is a REJECT,
export const AT_SIDE_1 = 16; // was sent by side 1
export const AT_EARLY = 32; // side 0; 64 = side 1: ST_UNCERTAIN only because its interface's log begins there
export const AT_UNTOLD = 128; // its key is one of an interface without known addresses (KEYB_UNORIENTED)
export const AT_FOLLOWED = 256; // another one of its key followed, kept too: a log of the same time may stand between
export const AT_BITS = 9;
// What one log may reach into the time of another: files that overlap by a quarter of an hour (7.1).
export const BORDER_OVERLAP = 900;

// ---- Hits: 24 bytes per interned rule set of a matcher: forward records, their bytes, connections.
export const HIT_BYTES = 24;

// ---- Endpoint: 16 bytes: (interface, protocol, address, port) in its latest epoch (4.3).
//   0     8      16
//   | key | what |
// key: 64-bit fingerprint, 0 = empty. what: bit rulers in conntrack/endpoints.ts.
export const ENDPOINT_BYTES = 16;
export const ENDPOINT_KEY = 0;
export const ENDPOINT_WHAT = 8;

// ---- Epoch of an endpoint: 24 bytes.
//   0       8         12       16   20   24
//   |farEnds|firstSlot|lastSlot|next|tail|   lastSlot: bit 31 = marked (far port below 1024)
// next: the epoch after it in the endpoint's queue; of the latest one: the oldest; tail: the youngest there.
export const EPOCH_BYTES = 24;
export const EPOCH_FAR_ENDS = 0;
export const EPOCH_FIRST = 8;
export const EPOCH_LAST = 12;
export const EPOCH_NEXT = 16;
export const EPOCH_TAIL = 20;

// ---- Interface: 192 bytes of state per interned interface id.
export const STATE_BYTES = 192;
export const STATE_ID = 0; // pointer of the id's bytes
export const STATE_ID_BYTES = 4;
export const STATE_FLAGS = 8;
export const STATE_FIRST_START = 12; // of any record; 0xffffffff = none
export const STATE_LAST_END = 16;
export const STATE_SKIP_END = 20; // greatest end of SKIPDATA windows begun so far
export const STATE_NODATA = 24;
export const STATE_SKIPDATA = 28;
export const STATE_SKIP_SECONDS = 32; // u64
export const STATE_CANDIDATES = 48; // 2.3: IPv4 then IPv6: two addresses of 16 bytes each
export const STATE_CANDIDATE_COUNTS = 112; // u8 per family: 0 untouched, 1, 2, 3 = none left
export const STATE_RECORDS = 120; // u64
export const STATE_ALLOW = 128; // u64 allow, deny, unknown
export const STATE_OK_FIRST = 152; // smallest start of status OK records
export const STATE_TIMERS = 156; // u32 tcpEstablished, tcpTransitory, udp, udpStream, icmp, other
export const STATE_ALIKE = 180; // bit per timeline that says of the interface what timeline 0 says
export const INTERFACE_KNOWN = 1; // in the rule set, or attached by option
export const INTERFACE_HAS_RULES = 2; // some image has groups or an ACL for it: its records join connections (9.4)
export const INTERFACE_ADDRESSES = 4;
export const INTERFACE_PASSES = 8; // passes the filters
export const INTERFACE_OWNED = 16; // judged by this shard
export const INTERFACE_EVIDENCE = 32; // carries an NLB group: evidence for every shard
export const INTERFACE_INFERRED = 128; // judged by an inferred address at least once

// ---- Counters: u64 each.
export const COUNT_READ = 0;
export const COUNT_JUDGED = 1;
export const COUNT_NODATA = 2;
export const COUNT_SKIPDATA = 3;
export const COUNT_MALFORMED = 4;
export const COUNT_LATE = 5;
export const COUNT_FILTERED = 6;
export const COUNT_EVICTED = 7;
export const COUNT_ENDPOINTS_EVICTED = 8;
export const COUNT_OPENINGS_ASSUMED = 9;
export const COUNT_TUPLES_DROPPED = 10;
export const COUNT_OPENERS_DROPPED = 11; // connections that found no room among the rows of openers
export const COUNT_BORDER_DROPPED = 12; // connections at a border that found no room by themselves
export const COUNT_JOINED = 13; // connections at a border that one log began and another went on with
export const COUNT_UNJOINED = 14; // opened before their log, and no other log began them
export const COUNT_REASONS = 16; // 17
export const COUNT_GRADES = 40; // 7
export const COUNT_MATRIX = 48; // accept allow/deny/unknown, reject allow/deny/unknown
export const COUNT_CONNECTIONS = 56; // allow, deny, unknown
export const COUNT_MALFORMED_REASONS = 60; // 10
export const COUNT_CAUSES = 72; // 10
export const COUNT_STORED = 84; // connections of stored rows that the baseline's groups judge: allow, deny, unknown
export const COUNTER_SLOTS = 88;

// ---- Disagreement tuple: 144 bytes.
export const TUPLE_BYTES = 144;
export const TUPLE_HIGH = 0; // u64 remote address
export const TUPLE_LOW = 8; // u64
export const TUPLE_INTERFACE = 16; // u32
export const TUPLE_PROTOCOL = 20; // u8
export const TUPLE_DIRECTION = 21; // u8 DIRECTION_* of the opening
export const TUPLE_KIND = 22; // u8: 1 ACCEPT/deny, 2 REJECT/allow; 0 = empty
export const TUPLE_PORT = 24; // u32
export const TUPLE_FIRST = 28; // u32
export const TUPLE_RECORDS = 32; // u64
export const TUPLE_OCTETS = 40; // u64
export const TUPLE_LAST = 48; // u32
export const TUPLE_SAMPLES = 52; // 3 x (start u32, file u32, line u32); line 0 = none
export const TUPLE_CAUSES = 88; // u32 x 10
export const TUPLE_SAMPLE_COUNT = 3;
export const CAUSE_COUNT = 10;
export const CAUSE_OPENED_BEFORE_LOG = 1;
export const CAUSE_ADDRESS_TRANSLATED = 2;
export const CAUSE_RULES_CHANGED_OR_INCOMPLETE = 3;
export const CAUSE_BLOCKED_PUBLIC_ACCESS = 4;
export const CAUSE_ENCRYPTION_CONTROL = 5;
export const CAUSE_LATE_PACKET = 6;
export const CAUSE_ACL_STRONGLY_SUSPECTED = 7;
export const CAUSE_ACL_SUSPECTED = 8;
export const CAUSE_RULES_CHANGED_OR_ACL = 9;

// ---- Malformed sample: 216 bytes: file, line, reason, and a copy of the line's first bytes.
export const SAMPLE_BYTES = 216;
export const SAMPLE_FILE = 0;
export const SAMPLE_LINE = 4;
export const SAMPLE_REASON = 8;
export const SAMPLE_TEXT_BYTES = 12;
export const SAMPLE_TEXT = 16; // at most 200 bytes
export const SAMPLE_TEXT_MAX = 200;
export const SAMPLES_PER_REASON = 5;

// ---- Status codes of exported calls.
export const STATUS_DONE = 0; // the call finished its work
export const STATUS_MORE = 1; // call again
export const STATUS_RESERVE = 2; // call reserve() between batches, then again
export const STATUS_HEADER = 3; // decode stopped at what looks like a header line
export const STATUS_BLOCK = 4; // the block has no room for the text of the next row
export const STATUS_NO_MEMORY = -1;
export const STATUS_TOO_MANY_INTERFACES = -2;
export const STATUS_BAD_IMAGE = -3;

// ---- Time.
export const SLOT_SECONDS = 300;
export const SLACK_SECONDS = 120;
export const ENDPOINT_SLOTS = 12;
export const FORGET_SECONDS = 3600; // a dead connection is remembered for an hour (6.4)
export const GRACE_SLOTS = 4; // a slot is not closed before this many slots after it were read (7.1)

// ---- Input blocks of text.
export const BLOCK_BYTES = 1048576;
export const BLOCK_PADDING = 64; // readable bytes before and after the text
export const MAX_LINE_BYTES = 65536;
export const MAX_INTERFACE_ID_BYTES = 64;
export const MAX_FIELDS = 256;

// ---- Column of a part of a columnar log: 32 bytes per token of the plan. The host puts the values into memory that it
// reserved, as they stand in the log; they are read once, when the part begins.
//
//   0    4      8    12    16   20    24   28  32
//   |kind|values|ends|valid|text|words|unit| - |
export const SOURCE_BYTES = 32;
export const SOURCE_KIND = 0; // SOURCE_KIND_*
export const SOURCE_VALUES = 4; // pointer: numbers; where texts begin (i32, from SOURCE_TEXT); or codes (i32)
export const SOURCE_ENDS = 8; // pointer: where texts end
export const SOURCE_VALID = 12; // pointer: u8 per row, 0 = missing; no pointer = none is missing
export const SOURCE_TEXT = 16; // pointer of the texts' bytes
export const SOURCE_WORDS = 20; // pointer: WORD_BYTES per code
export const SOURCE_UNIT = 24; // what a number is to be divided by: ticks per second, 1 where it is no time
export const SOURCE_KIND_NONE = 0; // every value is missing, or the column was not read
export const SOURCE_KIND_INT32 = 1;
export const SOURCE_KIND_UINT32 = 2;
export const SOURCE_KIND_INT64 = 3;
export const SOURCE_KIND_UINT64 = 4;
export const SOURCE_KIND_TEXT = 5;
export const SOURCE_KIND_CODES = 6; // numbers of words

// ---- Word of a dictionary: 32 bytes. Read as its field's value when a row first has it.
//
//   0    8   16   20    24    28    32
//   |high|low|text|bytes|state|index|
export const WORD_BYTES = 32;
export const WORD_HIGH = 0; // value: an address, or a number or code in `low`
export const WORD_LOW = 8;
export const WORD_TEXT = 16; // pointer
export const WORD_TEXT_BYTES = 20;
export const WORD_STATE = 24; // 0 = not read yet, else CELL_*
export const WORD_INDEX = 28; // of the interface it names, + 1; 0 = not interned yet
export const CELL_ABSENT = 1;
export const CELL_VALUE = 2;
export const CELL_MALFORMED = 16; // + MALFORMED_*

// ---- Emission of judged records: EMIT_ROWS at a time, one area per output column.
export const EMIT_ROWS = 4096;
export const EMIT_TEXT_BYTES = 4194304; // most line text of one emission
export const EMIT_MAX_COLUMNS = 128;
export const EMIT_KIND_TEXT = 1; // i32 offsets (EMIT_ROWS + 1), bytes elsewhere
export const EMIT_KIND_INT32 = 2;
export const EMIT_KIND_INT64 = 3;
// Per column: values or offsets, then the validity bitmap (bit set = present).
export const EMIT_VALUES_BYTES = 32832; // (EMIT_ROWS + 8) x 8
export const EMIT_VALIDITY_BYTES = 512;
export const EMIT_COLUMN_BYTES = 33344;
// Results of the baseline, parallel arrays.
export const EMIT_REASON = 0; // u8
export const EMIT_GRADE = 4096; // u8
export const EMIT_OPENER = 8192; // u8
export const EMIT_DIRECTION = 12288; // u8
export const EMIT_MISSING = 16384; // u8 FIELD_*
export const EMIT_DETAIL = 20480; // u32
export const EMIT_RULES = 36864; // u32 rule set id
export const EMIT_FILE = 53248; // u32
export const EMIT_LINE = 69632; // u32
export const EMIT_RESULTS_BYTES = 86016;
// Further timelines, one area each behind the results.
export const EMIT_FURTHER_REASON = 0; // u8
export const EMIT_FURTHER_CHANGE = 4096; // u8
export const EMIT_FURTHER_DETAIL = 8192; // u32
export const EMIT_FURTHER_RULES = 24576; // u32
export const EMIT_FURTHER_BYTES = 40960;
export const ADVANCE_EMIT = 4; // advance(): judged records wait to be emitted
export const COLUMN_ABSENT = 65535; // plan: the format lacks the output column
