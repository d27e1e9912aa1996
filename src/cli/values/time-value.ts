import { InvalidArgumentError } from "commander";
import { isoSeconds, LAST_SECOND } from "../../model/iso-time.js";

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
