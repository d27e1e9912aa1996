// The closed code lists, shared by the core (AssemblyScript) and by TypeScript through src/contract.ts.
// Portable file: plain literals only, no types, no imports (see docs/ARCHITECTURE.md, memory contract).

// Verdicts: what the rules say of a record (SEMANTICS, words).
export const VERDICT_ALLOW = 0;
export const VERDICT_DENY = 1;
export const VERDICT_UNKNOWN = 2;
export const VERDICT_COUNT = 3;

// Reasons, in the order of SEMANTICS 5.6. 0-3 allow, 4-8 deny, 9-16 unknown.
export const REASON_RULE = 0;
export const REASON_REPLY = 1;
export const REASON_NO_GROUPS = 2;
export const REASON_NOT_FILTERED = 3;
export const REASON_NO_RULE = 4;
export const REASON_REPLY_TO_DENIED = 5;
export const REASON_AFTER_CLOSE = 6;
export const REASON_EXPIRED = 7;
export const REASON_ACL = 8;
export const REASON_INTERFACE_NOT_IN_SNAPSHOT = 9;
export const REASON_MISSING_FIELD = 10;
export const REASON_NO_DIRECTION = 11;
export const REASON_PEER_UNRESOLVED = 12;
export const REASON_ICMP_TYPE = 13;
export const REASON_ICMP_RELATED = 14;
export const REASON_DIRECTION_UNDECIDED = 15;
export const REASON_ONE_SIDED = 16;
export const REASON_COUNT = 17;

// Evidence grades of a connection's opener (SEMANTICS 4).
export const GRADE_NONE = 0;
export const GRADE_UNKNOWN = 1;
export const GRADE_ONE_WAY = 2;
export const GRADE_PAIRED = 3;
export const GRADE_INFERRED = 4;
export const GRADE_REJECTED = 5;
export const GRADE_MEASURED = 6;
export const GRADE_COUNT = 7;

// Direction at the interface. Also: which end opened (opener local = EGRESS's source is local).
export const DIRECTION_NONE = 0;
export const DIRECTION_INGRESS = 1;
export const DIRECTION_EGRESS = 2;

// Who opened a connection.
export const OPENER_UNKNOWN = 0;
export const OPENER_LOCAL = 1;
export const OPENER_REMOTE = 2;

// What the log says.
export const ACTION_NONE = 0;
export const ACTION_ACCEPT = 1;
export const ACTION_REJECT = 2;

export const STATUS_OK = 0;
export const STATUS_NODATA = 1;
export const STATUS_SKIPDATA = 2;

// IP protocol numbers the judgement names.
export const PROTOCOL_ICMP = 1;
export const PROTOCOL_TCP = 6;
export const PROTOCOL_UDP = 17;
export const PROTOCOL_ICMPV6 = 58;

// TCP flag bits as flow logs show them (aws: FIN 1, SYN 2, RST 4, ACK only beside SYN: 16).
export const TCP_FIN = 1;
export const TCP_SYN = 2;
export const TCP_RST = 4;
export const TCP_ACK = 16;
