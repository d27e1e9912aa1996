// Times as AWS's tools write them, to Unix seconds. Date.parse is too lenient: it guesses at what it does not know.
import { refuse, type Spot, showValue } from "./spot.js";

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})$/;

/** ISO 8601 with a zone, or the recorded dialect's `{"__class__": "datetime", "year": ...}` (UTC). */
export function awsTime(value: unknown, spot: Spot): number {
  const seconds = typeof value === "string" ? isoTime(value) : recordedTime(value);
  if (seconds !== undefined) return seconds;
  return refuse(
    spot,
    "rules-time",
    `${showValue(value)} is not a time`,
    "AWS writes times such as 2024-12-14T10:33:00+00:00",
  );
}

function isoTime(text: string): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const time = utcSeconds(year, month, day, hour, minute, second);
  const zone = match[7] as string;
  if (time === undefined || zone === "Z") return time;
  const digits = zone.replace(":", "");
  const offset = (Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5))) * 60;
  return zone.startsWith("-") ? time + offset : time - offset;
}

function recordedTime(value: unknown): number | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const {
    __class__: type,
    year,
    month,
    day,
    hour,
    minute,
    second,
  } = value as Record<string, unknown>;
  if (type !== "datetime") return undefined;
  return utcSeconds(year, month, day, hour ?? 0, minute ?? 0, second ?? 0);
}

/** `undefined` unless the parts are a day and time that exist. */
function utcSeconds(...parts: readonly unknown[]): number | undefined {
  if (!parts.every((part) => typeof part === "number" && Number.isInteger(part))) return undefined;
  const [year, month, day, hour, minute, second] = parts as number[];
  const date = new Date(Date.UTC(year!, month! - 1, day!, hour!, minute!, second!));
  const exact =
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month! - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second;
  return exact ? date.getTime() / 1000 : undefined;
}

/** An HTTP date (`Tue, 27 Jun 2017 15:40:54 GMT`); `undefined` for anything else: it only informs. */
export function httpDate(text: string): number | undefined {
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text))
    return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time / 1000;
}
