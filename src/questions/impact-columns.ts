import type { JudgedOpener } from "../model/opener.js";
import { type PeerIds, peerIds } from "./peer-ids.js";

/** Rows of openers as columns of numbers: what of them no candidate changes, read once for all candidates. */
export interface OpenerColumns {
  readonly rows: readonly JudgedOpener[];
  /** Interfaces of the rows; `interfaceNumbers` is the way back. */
  readonly interfaceIds: readonly string[];
  readonly interfaceNumbers: ReadonlyMap<string, number>;
  readonly ids: PeerIds;
  /** By row: number of the interface, number of the remote address. */
  readonly interfaces: Int32Array;
  readonly peers: Int32Array;
  /** By row: protocol, port, and whether nobody knows who opened, as one number. */
  readonly traffic: Int32Array;
  /** By row: WAY_INGRESS, WAY_EGRESS or WAY_UNKNOWN. */
  readonly ways: Uint8Array;
  readonly connections: Float64Array;
  readonly records: Float64Array;
  readonly bytes: Float64Array;
}

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

/** Reads the rows. Cost: linear; about 60 bytes per row beside the rows themselves. */
export function openerColumns(rows: readonly JudgedOpener[]): OpenerColumns {
  const length = rows.length;
  const interfaceNumbers = new Map<string, number>();
  const ids = peerIds();
  const interfaces = new Int32Array(length);
  const peers = new Int32Array(length);
  const traffic = new Int32Array(length);
  const ways = new Uint8Array(length);
  const connections = new Float64Array(length);
  const records = new Float64Array(length);
  const bytes = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const row = rows[i]!;
    let face = interfaceNumbers.get(row.interfaceId);
    if (face === undefined) {
      face = interfaceNumbers.size;
      interfaceNumbers.set(row.interfaceId, face);
    }
    interfaces[i] = face;
    peers[i] = ids.idOf(row.remote);
    traffic[i] = trafficNumber(row);
    ways[i] = wayOf(row);
    connections[i] = row.connections;
    records[i] = row.forward + row.replies;
    bytes[i] = row.bytes;
  }
  const interfaceIds = [...interfaceNumbers.keys()];
  const names = { rows, interfaceIds, interfaceNumbers, ids };
  return { ...names, interfaces, peers, traffic, ways, connections, records, bytes };
}

function wayOf({ direction }: JudgedOpener): number {
  if (direction === null) return WAY_UNKNOWN;
  return direction === "ingress" ? WAY_INGRESS : WAY_EGRESS;
}

function trafficNumber({ protocol, port, direction }: JudgedOpener): number {
  const served = (protocol << PORT_BITS) | (port ?? NO_PORT);
  return (served << 1) | (direction === null ? 0 : 1);
}

export function trafficOf(number: number): Traffic {
  const port = (number >> 1) & ((1 << PORT_BITS) - 1);
  return {
    protocol: number >> (1 + PORT_BITS),
    port: port === NO_PORT ? null : port,
    isOpenerKnown: (number & 1) === 1,
  };
}
