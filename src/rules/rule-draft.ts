// A rule before its group is complete: its content key, its peer, where it stands. Shared by both rule dialects.
import { formatCidr } from "../model/address.js";
import type { Peer, Place } from "../model/rule-set.js";
import type { Direction } from "../model/verdict.js";
import { copyText, isOpaqueId, type LoadContext, readBlock, readId } from "./load-context.js";
import type { Maybe } from "./shape.js";
import { refuse, type Spot, showValue } from "./spot.js";
import type { Traffic } from "./traffic.js";

export interface RuleDraft {
  /** `direction/protocol/ports/peer`: the rule identity without its group. Equal keys are one rule. */
  readonly key: string;
  readonly direction: Direction;
  readonly traffic: Traffic;
  readonly peer: Peer;
  readonly stale: boolean;
  /** The document itself says whether the peering of the reference lives. */
  readonly statusGiven: boolean;
  readonly description: string | undefined;
  readonly offset: number;
  readonly at: Place;
  readonly spot: Spot;
}

export function formatPeer(peer: Peer): string {
  if (peer.kind === "cidr") return formatCidr(peer.cidr);
  if (peer.kind === "prefix-list") return peer.id;
  return peer.account === undefined ? peer.id : `${peer.account}/${peer.id}`;
}

/** A rule of the direction and traffic towards the peer, which stands at `offset`. */
export function draftRule(
  direction: Direction,
  traffic: Traffic,
  peer: Peer,
  rest: {
    /** `undefined` where the document does not say. */
    readonly stale: boolean | undefined;
    readonly description: Maybe<string>;
    readonly offset: number;
    readonly spot: Spot;
  },
): RuleDraft {
  return {
    key: `${direction}/${traffic.text}/${formatPeer(peer)}`,
    direction,
    traffic,
    peer,
    stale: rest.stale ?? false,
    statusGiven: rest.stale !== undefined,
    description: rest.description == null ? undefined : copyText(rest.description),
    offset: rest.offset,
    at: rest.spot.document.placeOf(rest.offset),
    spot: rest.spot,
  };
}

export function blockPeer(
  context: LoadContext,
  text: string,
  family: 4 | 6,
  spot: () => Spot,
): Peer {
  return { kind: "cidr", cidr: readBlock(context, text, family, spot) };
}

export function prefixListPeer(context: LoadContext, text: string, spot: () => Spot): Peer {
  return { kind: "prefix-list", id: readId(context, text, spot) };
}

/**
 * A referenced group. Its account is kept where it differs from the owner of the rule's group, or where that owner is
 * not known (semantics 3.5: members of another account's group cannot be known). A group that names itself is its own
 * account's. The older `ACCOUNT/sg-id` spelling is read too (semantics 3.8).
 */
export function groupPeer(
  context: LoadContext,
  reference: { readonly GroupId: string; readonly UserId?: Maybe<string> },
  owner: { readonly groupId: string; readonly accountId: string | undefined },
  spot: () => Spot,
): Peer {
  const slash = reference.GroupId.indexOf("/");
  const id = readId(context, reference.GroupId.slice(slash + 1), spot);
  const account = slash < 0 ? (reference.UserId ?? undefined) : reference.GroupId.slice(0, slash);
  if (account !== undefined && !isOpaqueId(account))
    refuse(spot(), "rules-id", `${showValue(account)} is not an account id`);
  if (account === undefined || account === owner.accountId || id === owner.groupId)
    return { kind: "group", id };
  return { kind: "group", id, account: readId(context, account, spot) };
}

/**
 * Whether PeeringStatus says that the peering of a reference is gone: such a reference matches nothing (semantics 3.5).
 * `undefined` where it says nothing.
 */
export function isStaleReference(reference: {
  readonly PeeringStatus?: Maybe<string>;
}): boolean | undefined {
  return reference.PeeringStatus == null ? undefined : reference.PeeringStatus === "deleted";
}
