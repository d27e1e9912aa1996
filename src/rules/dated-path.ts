import { isoSeconds, LAST_SECOND } from "../model/iso-time.js";

/** A file or folder of rules, and the Unix second from which they hold; 0 = from the beginning of time. */
export interface DatedPath {
  readonly path: string;
  readonly from: number;
}

/**
 * `PATH@TIME`, where TIME is an ISO time (UTC unless it says otherwise; a date alone is its midnight) or at least nine
 * digits of Unix seconds, so that a name such as `rules@2` stays a name. The last `@` behind which a time stands splits;
 * without one the whole text is the path.
 */
export function splitDatedPath(text: string): DatedPath {
  for (let at = text.lastIndexOf("@"); at > 0; at = text.lastIndexOf("@", at - 1)) {
    const from = timeOf(text.slice(at + 1));
    if (from !== undefined) return { path: text.slice(0, at), from };
  }
  return { path: text, from: 0 };
}

function timeOf(text: string): number | undefined {
  const seconds = /^\d{9,10}$/.test(text) ? Number(text) : isoSeconds(text);
  return seconds !== undefined && seconds >= 0 && seconds <= LAST_SECOND ? seconds : undefined;
}
