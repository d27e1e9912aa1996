import { formatAddress } from "../model/address.js";
import { TupleTally } from "./impact-tally.js";
import type { PeerIds } from "./peer-ids.js";
import type { Share, Spread } from "./tuple.js";
import { addShare, SPREAD_TOP } from "./tuple-spread.js";

/** Connections by owner (a rule, a tuple: small numbers) and remote address. Nothing is allocated per address. */
export class PeerSpreads {
  private readonly ids: PeerIds;
  private readonly tally = new TupleTally();

  constructor(ids: PeerIds) {
    this.ids = ids;
  }

  add(owner: number, peerId: number, connections: number): void {
    this.tally.add(owner, peerId, 0, connections, 0);
  }

  /** By owner, of the first `owners`. Cost: linear in the pairs. */
  spreads(owners: number): readonly Spread[] {
    const { sources, destinations, connections, count } = this.tally;
    const spreads = Array.from({ length: owners }, () => ({ distinct: 0, top: [] as Share[] }));
    const nameOf = (id: number): string => formatAddress(this.ids.addressOf(id));
    for (let pair = 0; pair < count; pair++) {
      const spread = spreads[sources[pair]!]!;
      spread.distinct++;
      addShare(spread.top, destinations[pair]!, connections[pair]!, nameOf, SPREAD_TOP);
    }
    return spreads;
  }

  /** The numbers of the addresses, by owner. Cost: linear in the pairs. */
  peerIds(owners: number): readonly Int32Array[] {
    const { sources, destinations, count } = this.tally;
    const ends = new Int32Array(owners + 1);
    for (let pair = 0; pair < count; pair++) ends[sources[pair]! + 1]!++;
    for (let owner = 0; owner < owners; owner++) ends[owner + 1]! += ends[owner]!;
    const next = ends.slice();
    const all = new Int32Array(count);
    for (let pair = 0; pair < count; pair++) all[next[sources[pair]!]!++] = destinations[pair]!;
    return Array.from({ length: owners }, (_, owner) => all.subarray(ends[owner], ends[owner + 1]));
  }
}
