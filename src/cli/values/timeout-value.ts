import { InvalidArgumentError } from "commander";
import { DEFAULT_TIMERS, NITRO_V6_TCP_ESTABLISHED, type Timers } from "../../model/timers.js";

/** Names of the command line (semantics 6.2) and the timers they set. */
const TIMER_KEYS: ReadonlyMap<string, keyof Timers> = new Map([
  ["tcp-established", "tcpEstablished"],
  ["tcp-transitory", "tcpTransitory"],
  ["udp", "udp"],
  ["udp-stream", "udpStream"],
  ["icmp", "icmp"],
  ["other", "other"],
]);
export const TIMER_NAMES: readonly string[] = [...TIMER_KEYS.keys()];

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
/** A year: longer than any timer AWS offers, and far from what 32-bit times could overflow. */
const LONGEST = 31_536_000;

/** `350s`, `5m`, `2h`, `5d` as seconds. */
export function durationValue(text: string): number {
  const parts = /^(\d{1,9})([smhd])$/.exec(text);
  const seconds = parts === null ? Number.NaN : Number(parts[1]) * UNIT_SECONDS[parts[2]!]!;
  if (!(seconds >= 1 && seconds <= LONGEST))
    throw new InvalidArgumentError(
      `"${text}" is no time span: write a whole number and its unit, 1s to 365d (350s, 6m, 2h, 5d).`,
    );
  return seconds;
}

/**
 * One `--timeout`, on top of those before it: `NAME=SPAN`, several with commas, or the profile `nitro-v6`. The later
 * one wins.
 */
export function timeoutValue(text: string, previous: Timers | undefined): Timers {
  let timers = previous ?? DEFAULT_TIMERS;
  for (const part of text.split(",")) {
    if (part === "nitro-v6") {
      timers = { ...timers, tcpEstablished: NITRO_V6_TCP_ESTABLISHED };
      continue;
    }
    const equals = part.indexOf("=");
    const key = TIMER_KEYS.get(equals < 0 ? part : part.slice(0, equals));
    if (key === undefined || equals < 0)
      throw new InvalidArgumentError(
        `"${part}" sets no timer: write NAME=SPAN with ${TIMER_NAMES.join(", ")} (tcp-established=350s), or the profile nitro-v6.`,
      );
    timers = { ...timers, [key]: durationValue(part.slice(equals + 1)) };
  }
  return timers;
}
