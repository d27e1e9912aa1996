// Addresses that are kept as numbers or bytes, as text: columns of ClickHouse's IPv4 and IPv6, and the like.
import type { LogTexts } from "./log-columns.js";
import { TextBuilder } from "./texts.js";

/** Bytes of the longest address as text. */
const LONGEST = 45;
const DOT = 46;
const COLON = 58;

function writeDecimal(bytes: Uint8Array, at: number, value: number): number {
  let to = at;
  if (value > 99) bytes[to++] = 48 + Math.floor(value / 100);
  if (value > 9) bytes[to++] = 48 + (Math.floor(value / 10) % 10);
  bytes[to++] = 48 + (value % 10);
  return to;
}

function writeV4(bytes: Uint8Array, at: number, value: number): number {
  let to = at;
  for (let shift = 24; shift >= 0; shift -= 8) {
    if (shift < 24) bytes[to++] = DOT;
    to = writeDecimal(bytes, to, (value >>> shift) & 255);
  }
  return to;
}

function writeHex(bytes: Uint8Array, at: number, value: number): number {
  let to = at;
  for (let shift = 12; shift >= 0; shift -= 4) {
    if (shift > 0 && value >> shift === 0) continue;
    const digit = (value >> shift) & 15;
    bytes[to++] = digit < 10 ? 48 + digit : 87 + digit;
  }
  return to;
}

/** The longest run of zero groups, the first where several are as long; none where no run has two. */
function zeroRun(group: (index: number) => number): { from: number; to: number } {
  let best = { from: 8, to: 8 };
  let from = 0;
  for (let i = 0; i <= 8; i++) {
    if (i < 8 && group(i) === 0) continue;
    if (i - from >= 2 && i - from > best.to - best.from) best = { from, to: i };
    from = i + 1;
  }
  return best;
}

// RFC 5952. A mapped IPv4 address is shown as what it maps: this is how one column holds both families.
function writeV6(bytes: Uint8Array, at: number, source: Uint8Array, from: number): number {
  const group = (index: number): number =>
    (source[from + 2 * index]! << 8) | source[from + 2 * index + 1]!;
  const zeros = zeroRun(group);
  if (zeros.from === 0 && zeros.to === 5 && group(5) === 0xffff)
    return writeV4(bytes, at, (group(6) << 16) | group(7));
  let to = at;
  for (let i = 0; i < 8; i++) {
    if (i === zeros.from) {
      bytes[to++] = COLON;
      bytes[to++] = COLON;
      i = zeros.to - 1;
      continue;
    }
    if (i > 0 && i !== zeros.to) bytes[to++] = COLON;
    to = writeHex(bytes, to, group(i));
  }
  return to;
}

/** IPv4 addresses as numbers, the first byte the highest. */
export function textsOfV4Numbers(values: Uint32Array): LogTexts {
  const builder = new TextBuilder(values.length, values.length * 16);
  for (const value of values) builder.end(writeV4(builder.room(LONGEST), builder.at, value));
  return builder.texts();
}

/** Addresses of 4 or 16 bytes each, in the order of the network. */
export function textsOfAddressBytes(source: Uint8Array, width: 4 | 16): LogTexts {
  const rows = source.length / width;
  const builder = new TextBuilder(rows, rows * 16);
  for (let row = 0; row < rows; row++) {
    const from = row * width;
    const bytes = builder.room(LONGEST);
    if (width === 16) builder.end(writeV6(bytes, builder.at, source, from));
    else {
      const value =
        (source[from]! << 24) |
        (source[from + 1]! << 16) |
        (source[from + 2]! << 8) |
        source[from + 3]!;
      builder.end(writeV4(bytes, builder.at, value));
    }
  }
  return builder.texts();
}
