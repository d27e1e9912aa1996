/** Times of records are 32-bit Unix seconds. */
export const LAST_SECOND: number = 4_294_967_295;

const ISO =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * An ISO time as Unix seconds (fractions cut off), `undefined` for anything else and for days that no calendar has. A
 * time without zone is UTC, as everything AWS logs; a date alone is its midnight.
 */
export function isoSeconds(text: string): number | undefined {
  const parts = ISO.exec(text);
  if (parts === null) return undefined;
  const [, date, minutes = "00:00", rest = ":00", zone = "Z"] = parts;
  const milliseconds = Date.parse(`${date}T${minutes}${rest}${zone}`);
  if (Number.isNaN(milliseconds)) return undefined;
  // Date.parse turns the 30th of February into the 1st of March.
  if (new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10) !== date) return undefined;
  return Math.floor(milliseconds / 1000);
}
