// Rules as the provider spells them: nine keys inside a group, or the attributes of a resource of their own. One of them
// means as many rules as it has peers (semantics 3.4).
import { PROTOCOL_ICMP, PROTOCOL_ICMPV6, PROTOCOL_TCP, PROTOCOL_UDP } from "../../contract.js";
import type { Direction } from "../../model/verdict.js";
import { OFFSET } from "../json-reader.js";
import type { LoadContext } from "../load-context.js";
import { blockPeer, draftRule, groupPeer, prefixListPeer, type RuleDraft } from "../rule-draft.js";
import { below, type Spot } from "../spot.js";
import {
  anyTraffic,
  parseProtocol,
  readTraffic,
  type Traffic,
  type TrafficKeys,
} from "../traffic.js";
import { undecidedId } from "../undecided.js";
import {
  attributeName,
  flagOf,
  isOpen,
  OPEN,
  type Open,
  type Part,
  textOf,
  textsOf,
  wholeOf,
} from "./part.js";
import type { TerraformResource } from "./resource.js";

/** The group whose rules are read. */
export interface RuleOwner {
  readonly groupId: string;
  readonly accountId: string | undefined;
}

/**
 * What the configuration of a plan says that an open attribute will hold: ids, or `undefined` where it does not decide.
 * `isList`: it may hold several. A state has no configuration: nothing in it is open.
 */
export type Resolve = (
  resource: TerraformResource,
  attribute: string,
  isList: boolean,
) => readonly string[] | undefined;

/** What is read, for whom, and how open values are decided. */
export interface RuleReading {
  readonly context: LoadContext;
  readonly resource: TerraformResource;
  readonly owner: RuleOwner;
  readonly resolve: Resolve;
  /** Told of every attribute that stays open. */
  readonly onOpen: (attribute: string, spot: Spot) => void;
}

type PeerKind = "cidr4" | "cidr6" | "list" | "group";

/** A key that names peers. */
interface PeerKey {
  readonly key: string;
  readonly kind: PeerKind;
  readonly many: boolean;
}

/** How one kind of rule spells itself. */
export interface RuleDialect {
  readonly traffic: TrafficKeys;
  readonly peers: readonly PeerKey[];
  /** The key `self` names the group itself. */
  readonly hasSelf: boolean;
  /** Missing ports of ICMP are any type and code. */
  readonly portsMayMiss: boolean;
}

const PORTS = { from: "from_port", to: "to_port" };
const MANY: readonly PeerKey[] = [
  { key: "cidr_blocks", kind: "cidr4", many: true },
  { key: "ipv6_cidr_blocks", kind: "cidr6", many: true },
  { key: "prefix_list_ids", kind: "list", many: true },
];

/** A block of `ingress` or `egress` inside a group. */
export const INLINE: RuleDialect = {
  traffic: { protocol: "protocol", ...PORTS },
  peers: [...MANY, { key: "security_groups", kind: "group", many: true }],
  hasSelf: true,
  portsMayMiss: false,
};

/** `aws_security_group_rule`. */
export const GROUP_RULE: RuleDialect = {
  traffic: { protocol: "protocol", ...PORTS },
  peers: [...MANY, { key: "source_security_group_id", kind: "group", many: false }],
  hasSelf: true,
  portsMayMiss: false,
};

/** `aws_vpc_security_group_ingress_rule` and its twin. */
export const VPC_RULE: RuleDialect = {
  traffic: { protocol: "ip_protocol", ...PORTS },
  peers: [
    { key: "cidr_ipv4", kind: "cidr4", many: false },
    { key: "cidr_ipv6", kind: "cidr6", many: false },
    { key: "prefix_list_id", kind: "list", many: false },
    { key: "referenced_security_group_id", kind: "group", many: false },
  ],
  hasSelf: false,
  portsMayMiss: true,
};

/** Every rule that a block or resource means. Where protocol or ports are open, one that may admit anything. */
export function readRules(
  reading: RuleReading,
  dialect: RuleDialect,
  direction: Direction,
  part: Part,
): RuleDraft[] {
  const traffic = readPartTraffic(part, dialect);
  if (traffic.open !== undefined)
    return [openRule(reading, direction, traffic, part, traffic.open)];
  const rules: RuleDraft[] = [];
  const add = (peer: RuleDraft["peer"]): void => {
    const description = textOf(part, "description");
    rules.push(
      draftRule(direction, traffic, peer, {
        stale: undefined,
        description: description === OPEN ? undefined : description,
        offset: part.values[OFFSET],
        spot: part.spot,
      }),
    );
  };
  for (const key of dialect.peers)
    for (const { text, index } of peerTexts(part, key))
      if (text === OPEN) for (const peer of openPeers(reading, part, key, index)) add(peer);
      else add(readPeer(reading, key.kind, text, peerSpot(part, key, index)));
  if (dialect.hasSelf) {
    const self = flagOf(part, "self");
    if (self === OPEN) add(undecidedPeer(reading, part, "self"));
    else if (self === true) add({ kind: "group", id: reading.owner.groupId });
  }
  return rules;
}

/** A rule of whatever traffic is possible, towards whom nothing tells. */
export function openRule(
  reading: RuleReading,
  direction: Direction,
  traffic: Traffic,
  part: Part,
  attribute: string,
): RuleDraft {
  return draftRule(direction, traffic, undecidedPeer(reading, part, attribute), {
    stale: undefined,
    description: undefined,
    offset: part.values[OFFSET],
    spot: part.spot,
  });
}

function peerSpot(part: Part, { key }: PeerKey, index: number | undefined): Spot {
  return index === undefined ? below(part.spot, key) : below(part.spot, key, index);
}

function peerTexts(
  part: Part,
  { key, many }: PeerKey,
): readonly { readonly text: string | Open; readonly index: number | undefined }[] {
  if (!many) {
    const text = textOf(part, key);
    return text === undefined ? [] : [{ text, index: undefined }];
  }
  const texts = textsOf(part, key);
  if (texts === OPEN) return [{ text: OPEN, index: undefined }];
  return texts.map((text, index) => ({ text, index }));
}

function readPeer(
  { context, owner }: RuleReading,
  kind: PeerKind,
  text: string,
  spot: Spot,
): RuleDraft["peer"] {
  if (kind === "cidr4") return blockPeer(context, text, 4, () => spot);
  if (kind === "cidr6") return blockPeer(context, text, 6, () => spot);
  if (kind === "list") return prefixListPeer(context, text, () => spot);
  return groupPeer(context, { GroupId: text }, owner, () => spot);
}

/** What the configuration decides, else one peer that nothing describes. Blocks are never decided: they are computed. */
function openPeers(
  reading: RuleReading,
  part: Part,
  key: PeerKey,
  index: number | undefined,
): RuleDraft["peer"][] {
  const attribute = attributeName(part, key.key, index);
  const isBlock = key.kind === "cidr4" || key.kind === "cidr6";
  const isList = key.many && index === undefined;
  const ids = isBlock ? undefined : reading.resolve(reading.resource, attribute, isList);
  if (ids === undefined) return [undecidedPeer(reading, part, attribute)];
  return ids.map((id) => readPeer(reading, key.kind, id, peerSpot(part, key, index)));
}

function undecidedPeer(reading: RuleReading, part: Part, attribute: string): RuleDraft["peer"] {
  const { context, resource } = reading;
  reading.onOpen(attribute, part.spot);
  return {
    kind: "prefix-list",
    id: undecidedId(context, part.spot, resource.address, attribute),
  };
}

/** `open` names what of it is known only after apply; the traffic is then the widest possible. */
function readPartTraffic(
  part: Part,
  { traffic: keys, portsMayMiss }: RuleDialect,
): Traffic & { readonly open?: string } {
  const { spot } = part;
  const protocol = textOf(part, keys.protocol);
  if (protocol === OPEN) return { ...anyTraffic(), open: attributeName(part, keys.protocol) };
  const open = [keys.from, keys.to].find((key) => isOpen(part, key));
  if (open !== undefined && protocol !== undefined)
    return { ...widest(protocol, spot, keys), open: attributeName(part, open) };
  const [from, to] = [wholeOf(part, keys.from), wholeOf(part, keys.to)] as (number | undefined)[];
  const number = parseProtocol(protocol ?? "");
  const anyType = portsMayMiss && (number === PROTOCOL_ICMP || number === PROTOCOL_ICMPV6);
  return readTraffic(
    {
      IpProtocol: protocol ?? "",
      FromPort: from ?? (anyType ? -1 : undefined),
      ToPort: to ?? (anyType ? -1 : undefined),
    },
    spot,
    keys,
  );
}

function widest(protocol: string, spot: Spot, keys: TrafficKeys): Traffic {
  const number = parseProtocol(protocol);
  const isPorted = number === PROTOCOL_TCP || number === PROTOCOL_UDP;
  const [FromPort, ToPort] = isPorted ? [0, 65_535] : [-1, -1];
  return readTraffic({ IpProtocol: protocol, FromPort, ToPort }, spot, keys);
}
