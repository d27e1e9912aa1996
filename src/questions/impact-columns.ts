import type { OpenerTable } from "../model/opener-table.js";
import { PeerIds } from "./peer-ids.js";

/** Rows of openers with numbers for what several of them name: read once for all candidates. */
export interface OpenerColumns {
  readonly table: OpenerTable;
  /** Ids of the interfaces by their number, undefined = it has no rows; `interfaceNumbers` is the way back. */
  readonly interfaceIds: readonly (string | undefined)[];
  readonly interfaceNumbers: ReadonlyMap<string, number>;
  readonly ids: PeerIds;
  /** By row: number of the remote address. */
  readonly peers: Int32Array;
}

/** Ways of an opening, as WAYS numbers them. */
export const WAY_UNKNOWN = 0;
export const WAY_INGRESS = 1;
export const WAY_EGRESS = 2;

/** Bits of a port and one more, for the traffic without ports. */
const PORT_BITS = 17;
const NO_PORT = 0x10000;

/** What the number of a traffic stands for. */
export interface Traffic {
  readonly protocol: number;
  readonly port: number | null;
  readonly isOpenerKnown: boolean;
}

/** Reads the rows. Cost: linear; four bytes per row beside the rows themselves, some thirty per distinct address. */
export function openerColumns(table: OpenerTable): OpenerColumns {
  const ids = new PeerIds();
  const peers = new Int32Array(table.length);
  const seen = new Uint8Array(table.interfaceCount);
  for (let row = 0; row < peers.length; row++) {
    seen[table.interfaceNumber(row)] = 1;
    peers[row] = ids.idOfRow(table, row);
  }
  const interfaceIds = Array.from(seen, (isSeen, number) =>
    isSeen === 1 ? table.interfaceId(number) : undefined,
  );
  const interfaceNumbers = new Map(
    interfaceIds.flatMap((id, number) => (id === undefined ? [] : [[id, number] as const])),
  );
  return { table, interfaceIds, interfaceNumbers, ids, peers };
}

/** Protocol, port, and whether nobody knows who opened, as one number. */
export function trafficNumber(table: OpenerTable, row: number): number {
  const port = table.port(row);
  const served = (table.protocol(row) << PORT_BITS) | (port < 0 ? NO_PORT : port);
  return (served << 1) | (table.way(row) === WAY_UNKNOWN ? 0 : 1);
}

export function trafficOf(number: number): Traffic {
  const port = (number >> 1) & ((1 << PORT_BITS) - 1);
  return {
    protocol: number >> (1 + PORT_BITS),
    port: port === NO_PORT ? null : port,
    isOpenerKnown: (number & 1) === 1,
  };
}
