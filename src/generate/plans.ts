// How a connection will go on: how much, how fast, how it ends and what comes after.
import { PACE, PLAN, PORT_B, PROTOCOL, REMAIN, TICKS } from "./connection-table.js";
import type { Random } from "./random.js";
import {
  AFTER_AGAIN,
  AFTER_LATE,
  CLOSE_FIN_OPENER,
  CLOSE_FIN_RESPONDER,
  CLOSE_NONE,
  CLOSE_RST_OPENER,
  CLOSE_RST_RESPONDER,
  HOST_REFUSES,
  HOST_SILENT,
  SIZE_SHIFT,
} from "./script.js";
import { ONE_WAY_UDP } from "./services.js";

/** Share of TCP connections whose client opens again from the same port. */
const AGAIN_SHARE = 0.01;

function closing(random: Random): number {
  const kind = random.unit();
  if (kind < 0.55) return CLOSE_FIN_OPENER;
  if (kind < 0.85) return CLOSE_FIN_RESPONDER;
  if (kind < 0.9) return CLOSE_RST_OPENER;
  return kind < 0.95 ? CLOSE_RST_RESPONDER : CLOSE_NONE;
}

function hostOf(random: Random, refuses: number, silent: number): number {
  const kind = random.unit();
  if (kind < refuses) return HOST_REFUSES;
  return kind < refuses + silent ? HOST_SILENT : 0;
}

function afterwards(random: Random, lateShare: number): number {
  const kind = random.unit();
  if (kind < lateShare) return AFTER_LATE;
  return kind < lateShare + AGAIN_SHARE ? AFTER_AGAIN : 0;
}

/** Plans an ordinary connection; protocol and responder's port are filled in. */
export function planConnection(
  rows: Int32Array,
  row: number,
  random: Random,
  lateShare: number,
): void {
  const protocol = rows[row + PROTOCOL]!;
  const size = random.below(7) << SIZE_SHIFT;
  if (protocol !== 6) {
    const isOneWay = ONE_WAY_UDP.includes(rows[row + PORT_B]!) || random.chance(0.04);
    const isLate = protocol === 17 && !isOneWay && random.chance(lateShare);
    rows[row + PLAN] = size | (isOneWay ? HOST_SILENT : 0) | (isLate ? AFTER_LATE : 0);
    rows[row + REMAIN] = 1 + random.zipf(24);
    rows[row + PACE] = datagramPace(protocol, random);
    return;
  }
  rows[row + PLAN] =
    size | closing(random) | hostOf(random, 0.015, 0.01) | afterwards(random, lateShare);
  rows[row + REMAIN] = 1 + random.zipf(12);
  // Mostly a burst; a third takes minutes and spans several windows.
  rows[row + PACE] = random.chance(0.65) ? random.between(4, 200) : random.between(5, 60) * TICKS;
}

/** Pings follow by the second; datagrams in bursts, with idle gaps around AWS's timers now and then. */
function datagramPace(protocol: number, random: Random): number {
  if (protocol === 1 || protocol === 58) return TICKS;
  const kind = random.unit();
  if (kind < 0.7) return random.between(4, 200);
  if (kind < 0.85) return random.between(5, 25) * TICKS;
  if (kind < 0.95) return random.between(20, 45) * TICKS;
  return random.between(150, 260) * TICKS;
}

/** Plans a scan's probe or an attempt: they give up soon, and mostly nobody answers. */
export function planProbe(rows: Int32Array, row: number, random: Random): void {
  rows[row + PLAN] = CLOSE_RST_OPENER | hostOf(random, 0.4, 0.3);
  rows[row + REMAIN] = rows[row + PROTOCOL] === 6 ? 0 : 1;
  rows[row + PACE] = TICKS;
}
