// Typed fields of a log line that the core decodes; 0 = passed over. Shared; portable literals only.
// The host writes one byte per token position of a format: its field plan.

export const FIELD_OTHER = 0;
export const FIELD_VERSION = 1;
export const FIELD_INTERFACE_ID = 2;
export const FIELD_SRCADDR = 3;
export const FIELD_DSTADDR = 4;
export const FIELD_SRCPORT = 5;
export const FIELD_DSTPORT = 6;
export const FIELD_PROTOCOL = 7;
export const FIELD_PACKETS = 8;
export const FIELD_BYTES = 9;
export const FIELD_START = 10;
export const FIELD_END = 11;
export const FIELD_ACTION = 12;
export const FIELD_LOG_STATUS = 13;
export const FIELD_TCP_FLAGS = 14;
export const FIELD_PKT_SRCADDR = 15;
export const FIELD_PKT_DSTADDR = 16;
export const FIELD_FLOW_DIRECTION = 17;
export const FIELD_REJECT_REASON = 18;
export const FIELD_RESOURCE_ID = 19;
export const FIELD_COUNT = 20;

// Why a line does not parse. The first failing token decides.
export const MALFORMED_FIELD_COUNT = 1;
export const MALFORMED_NUMBER = 2;
export const MALFORMED_ADDRESS = 3;
export const MALFORMED_ACTION = 4;
export const MALFORMED_STATUS = 5;
export const MALFORMED_DIRECTION = 6;
export const MALFORMED_INTERFACE_ID = 7;
export const MALFORMED_FAMILY = 8;
export const MALFORMED_TOO_LONG = 9;
export const MALFORMED_REASONS = 10;

// reject-reason of a record (aws facts 1.1, version 8).
export const REJECT_REASON_NONE = 0;
export const REJECT_REASON_BPA = 1;
export const REJECT_REASON_EC = 2;
