import { InvalidArgumentError } from "commander";

/** Log times are 32-bit Unix seconds. */
const LAST_SECOND = 4_294_967_295;
const ISO =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * Unix seconds or an ISO time as Unix seconds (fractions cut off). A time without zone is UTC, as everything AWS logs.
 */
export function timeValue(text: string): number {
  const seconds = /^\d{1,10}$/.test(text) ? Number(text) : isoSeconds(text);
  if (seconds === undefined || seconds < 0 || seconds > LAST_SECOND)
    throw new InvalidArgumentError(
      "Write Unix seconds (1734193512) or an ISO time, UTC unless it says otherwise (2024-12-14T16:25:12Z, 2024-12-14).",
    );
  return seconds;
}

function isoSeconds(text: string): number | undefined {
  const parts = ISO.exec(text);
  if (parts === null) return undefined;
  const [, date, minutes = "00:00", rest = ":00", zone = "Z"] = parts;
  const milliseconds = Date.parse(`${date}T${minutes}${rest}${zone}`);
  if (Number.isNaN(milliseconds)) return undefined;
  // Date.parse turns the 30th of February into the 1st of March.
  if (new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10) !== date) return undefined;
  return Math.floor(milliseconds / 1000);
}
