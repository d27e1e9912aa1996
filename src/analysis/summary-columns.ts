import { FixedSizeBinary, Uint8, Uint16, Uint32, Uint64 } from "apache-arrow";
import * as c from "../contract.js";

/** One column of a summary file: a field of the core's rows. */
export interface SummaryColumn {
  readonly name: string;
  readonly type: Uint8 | Uint16 | Uint32 | Uint64 | FixedSizeBinary;
  readonly bytes: number;
  /** Offset in the row. */
  readonly at: number;
}

/** One table of a summary file: rows as the core has them, column by column. */
export interface SummaryTable {
  readonly columns: readonly SummaryColumn[];
  /** Bytes of a row in the core. */
  readonly rowBytes: number;
}

function u8(name: string, at: number): SummaryColumn {
  return { name, type: new Uint8(), bytes: 1, at };
}

function u16(name: string, at: number): SummaryColumn {
  return { name, type: new Uint16(), bytes: 2, at };
}

function u32(name: string, at: number): SummaryColumn {
  return { name, type: new Uint32(), bytes: 4, at };
}

function u64(name: string, at: number): SummaryColumn {
  return { name, type: new Uint64(), bytes: 8, at };
}

function address(name: string, at: number): SummaryColumn {
  return { name, type: new FixedSizeBinary(16), bytes: 16, at };
}

function samples(from: number): readonly SummaryColumn[] {
  return Array.from({ length: c.TUPLE_SAMPLE_COUNT }, (_, i) => {
    const at = from + 12 * i;
    const name = `sample${i + 1}`;
    return [u32(`${name}_start`, at), u32(`${name}_file`, at + 4), u32(`${name}_line`, at + 8)];
  }).flat();
}

/** The rows of openers. */
export const ROWS: SummaryTable = {
  rowBytes: c.OPENING_BYTES,
  columns: [
    u32("interface", c.OPENING_INTERFACE),
    address("remote", c.OPENING_HIGH),
    u8("protocol", c.OPENING_PROTOCOL),
    u16("port", c.OPENING_PORT),
    u16("other_port", c.OPENING_OTHER_PORT),
    u16("client_port_least", c.OPENING_CLIENT_LOW),
    u16("client_port_greatest", c.OPENING_CLIENT_HIGH),
    u32("flags", c.OPENING_FLAGS),
    u64("connections", c.OPENING_CONNECTIONS),
    u64("openings_assumed", c.OPENING_ASSUMED),
    u64("forward_records", c.OPENING_FORWARD),
    u64("reply_records", c.OPENING_REPLIES),
    u64("bytes", c.OPENING_OCTETS),
    u32("first_start", c.OPENING_FIRST),
    u32("last_end", c.OPENING_LAST),
    ...samples(c.OPENING_SAMPLES),
  ],
};

/** The connections at the borders of the log. */
export const BORDERS: SummaryTable = {
  rowBytes: c.BORDER_BYTES,
  columns: [
    u32("interface", c.BORDER_INTERFACE),
    address("local", c.BORDER_LOCAL),
    address("remote", c.BORDER_REMOTE),
    u8("protocol", c.BORDER_PROTOCOL),
    u16("local_port", c.BORDER_LOCAL_PORT),
    u16("remote_port", c.BORDER_REMOTE_PORT),
    u32("state", c.BORDER_STATE),
    u32("border", c.BORDER_AT),
    u32("seen", c.BORDER_FLAGS),
    u32("local_records", c.BORDER_LOCAL_RECORDS),
    u32("remote_records", c.BORDER_REMOTE_RECORDS),
    u64("bytes", c.BORDER_OCTETS),
    u32("first_start", c.BORDER_FIRST),
    u32("local_first_start", c.BORDER_FIRST_LOCAL),
    u32("remote_first_start", c.BORDER_FIRST_REMOTE),
    u32("last_end", c.BORDER_LAST_END),
    u32("closed_at", c.BORDER_CLOSE_AT),
    ...samples(c.BORDER_SAMPLES),
    u64("local_fan_out", c.BORDER_LOCAL_FAR_ENDS),
    u64("remote_fan_out", c.BORDER_REMOTE_FAR_ENDS),
    u32("local_first_slot", c.BORDER_LOCAL_EPOCH),
    u32("local_last_slot", c.BORDER_LOCAL_EPOCH + 4),
    u32("remote_first_slot", c.BORDER_REMOTE_EPOCH),
    u32("remote_last_slot", c.BORDER_REMOTE_EPOCH + 4),
  ],
};

// Column by column, two bytes at a time: every field of a row is so aligned but the protocol.
export function gather(rows: Uint8Array, to: Uint8Array, column: SummaryColumn, row: number): void {
  const { bytes, at } = column;
  if (bytes === 1) {
    for (let i = 0, from = at; i < to.length; i++, from += row) to[i] = rows[from]!;
    return;
  }
  const source = new Uint16Array(rows.buffer, rows.byteOffset, rows.byteLength / 2);
  const target = new Uint16Array(to.buffer);
  const words = bytes / 2;
  for (let i = 0, from = at / 2; i < target.length; i += words, from += row / 2)
    for (let word = 0; word < words; word++) target[i + word] = source[from + word]!;
}

/** The way back: writes a column into whole rows. */
export function scatter(
  from: Uint8Array,
  rows: Uint8Array,
  column: SummaryColumn,
  row: number,
): void {
  const { bytes, at } = column;
  if (bytes === 1) {
    for (let i = 0, to = at; i < from.length; i++, to += row) rows[to] = from[i]!;
    return;
  }
  const Words = bytes % 4 === 0 ? Uint32Array : Uint16Array;
  const size = Words.BYTES_PER_ELEMENT;
  const source = from.byteOffset % size === 0 ? from : from.slice();
  const values = new Words(
    source.buffer as ArrayBuffer,
    source.byteOffset,
    source.byteLength / size,
  );
  spread(
    values,
    new Words(rows.buffer as ArrayBuffer, rows.byteOffset, rows.byteLength / size),
    at / size,
    row / size,
  );
}

// Apart for each width of a column: a loop over one or two words would cost more than the words.
function spread(
  values: Uint32Array | Uint16Array,
  rows: Uint32Array | Uint16Array,
  at: number,
  row: number,
): void {
  const count = Math.floor(rows.length / row);
  const words = values.length / count;
  for (let word = 0; word < words; word++)
    for (let i = word, to = at + word; i < values.length; i += words, to += row)
      rows[to] = values[i]!;
}
