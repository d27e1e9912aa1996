// Numbers, sizes, shares and times as people read them. Independent of locale and time zone: same input, same text.

/** 12345678 → `12,345,678`. */
export function grouped(value: number | bigint): string {
  return value.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** Beyond this a count of addresses or pairs says only how large it is. */
const LAST_EXACT = 1e15;

/** As `grouped`; sizes of address spaces as a power: `2^128`, `about 2.2 × 10^43`. */
export function magnitude(value: number): string {
  if (value < LAST_EXACT) return grouped(value);
  const bits = Math.log2(value);
  if (Number.isInteger(bits)) return `2^${bits}`;
  const [digits = "", exponent = ""] = value.toExponential(1).split("e+");
  return `about ${digits} × 10^${exponent}`;
}

/** `1 record`, `12,345 records`; an irregular plural is given. */
export function counted(value: number, one: string, many: string = `${one}s`): string {
  return `${grouped(value)} ${value === 1 ? one : many}`;
}

/** A share of a whole in percent. What is not all never reads as 100 %, what is not nothing never as 0 %. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return "-";
  const value = (part / whole) * 100;
  if (part > 0 && value < 0.01) return "<0.01 %";
  if (part < whole && value > 99.99) return ">99.99 %";
  return `${value.toFixed(2)} %`;
}

const BYTE_UNITS = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** Decimal units, three digits: `512 B`, `1.53 MB`. */
export function byteSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  if (unit === 0) return `${grouped(Math.round(value))} B`;
  const digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${BYTE_UNITS[unit]}`;
}

const DURATION_UNITS: readonly (readonly [number, string])[] = [
  [86_400, "d"],
  [3_600, "h"],
  [60, "min"],
  [1, "s"],
];

/** The two largest units of a span of whole seconds: `3 d 4 h`, `12 min 5 s`, `0 s`. */
export function duration(seconds: number): string {
  let rest = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const [size, unit] of DURATION_UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${grouped(count)} ${unit}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? "0 s" : parts.join(" ");
}

/** Measured time below a minute with its fraction, `0.42 s`, `7.3 s`; longer ones as `duration`. */
export function elapsed(seconds: number): string {
  if (seconds < 1) return `${seconds.toFixed(2)} s`;
  return seconds < 60 ? `${seconds.toFixed(1)} s` : duration(seconds);
}

/** The greatest second a JavaScript date can hold. */
const LAST_SECOND = 8_640_000_000_000;

/** Unix seconds as `2024-12-14 16:25:12 UTC`; a number no calendar holds is shown as it is. */
export function timestamp(seconds: number): string {
  if (Math.abs(seconds) > LAST_SECOND) return `${grouped(seconds)} s`;
  return `${new Date(seconds * 1000).toISOString().slice(0, -5).replace("T", " ")} UTC`;
}

const PROTOCOL_NAMES: ReadonlyMap<number, string> = new Map([
  [-1, "all"],
  [1, "icmp"],
  [6, "tcp"],
  [17, "udp"],
  [58, "icmpv6"],
]);

/** `tcp/443`, `icmp`, `protocol 41`; the port only where there is one. */
export function protocolPort(protocol: number, port: number | null): string {
  const name = PROTOCOL_NAMES.get(protocol) ?? `protocol ${protocol}`;
  return port === null ? name : `${name}/${port}`;
}
