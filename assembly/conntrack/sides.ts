// The addresses of both sides of IPv6 connections, whose key holds but a fingerprint: high, low of side 0, then of side 1.

import { poolCreate, poolGive, poolGrow, poolRoom, poolRow, poolTake } from "../memory/pool";
import { CONN_SIDES, SIDES_BYTES } from "../shared/layout";

let pool: usize = 0;

export function sidesInit(): bool {
  pool = poolCreate(SIDES_BYTES);
  return pool != 0;
}

export function sidesRoom(): u32 {
  return poolRoom(pool);
}

/** Reserve-type call. */
export function sidesReserve(rows: u32): bool {
  return poolGrow(pool, rows);
}

/** A row for two addresses. The caller made sure of room. */
export function takeSides(): u32 {
  return poolTake(pool);
}

export function giveSides(sides: u32): void {
  poolGive(pool, sides);
}

/** The addresses; stable. */
export function sidesPtr(sides: u32): usize {
  return poolRow(pool, sides);
}

/** Those of a connection; only where its key is IPv6. */
export function connSides(conn: usize): usize {
  return poolRow(pool, load<u32>(conn, CONN_SIDES));
}
