// Rules as templates spell them: items of a group's lists, or the properties of a resource of their own. Each has one
// peer.
import { PROTOCOL_ICMP, PROTOCOL_ICMPV6, PROTOCOL_TCP, PROTOCOL_UDP } from "../../contract.js";
import type { Direction } from "../../model/verdict.js";
import { isObject, memberOf, OFFSET } from "../json-reader.js";
import { canonicalBlock, type LoadContext, warn } from "../load-context.js";
import { blockPeer, draftRule, groupPeer, prefixListPeer, type RuleDraft } from "../rule-draft.js";
import { below, refuse, type Spot, showValue } from "../spot.js";
import { anyTraffic, parseProtocol, readTraffic, type Traffic } from "../traffic.js";
import { undecidedId } from "../undecided.js";
import {
  type Evaluator,
  isNode,
  isResource,
  NONE,
  type Node,
  OPEN,
  type Resolved,
  textOf,
} from "./evaluate.js";

/** The group whose rule it is. */
export interface ItemOwner {
  readonly groupId: string;
  readonly accountId: string | undefined;
}

/** What reading rules needs of the template around them. */
export interface ItemReading {
  readonly context: LoadContext;
  readonly evaluator: Evaluator;
  /** Logical id of the resource that is read. */
  readonly subject: string;
  /** The id of a group or prefix list of the template; `undefined` for anything else. */
  readonly idOf: (
    logicalId: string,
    attribute: string,
    what: "group" | "list",
  ) => string | undefined;
  /** The id of the group with that name; `undefined` where there is none, or several. */
  readonly groupNamed: (name: string) => string | undefined;
  /** Told of every value that stays open. */
  readonly onOpen: (attribute: string, spot: Spot) => void;
}

const OWNER = "SourceSecurityGroupOwnerId";

/** Keys that name a peer, by direction. */
const PEERS = {
  ingress: [
    ["CidrIp", "cidr4"],
    ["CidrIpv6", "cidr6"],
    ["SourcePrefixListId", "list"],
    ["SourceSecurityGroupId", "group"],
    ["SourceSecurityGroupName", "name"],
  ],
  egress: [
    ["CidrIp", "cidr4"],
    ["CidrIpv6", "cidr6"],
    ["DestinationPrefixListId", "list"],
    ["DestinationSecurityGroupId", "group"],
  ],
} as const;
type PeerKind = (typeof PEERS)[Direction][number][1];

/**
 * The rules of a list, which stands under `key`; what of it is open is a rule towards nobody that is known. `isEmpty`:
 * no item is written, which of egress is another thing than no rule (semantics 3.9).
 */
export function readItems(
  reading: ItemReading,
  owner: ItemOwner,
  direction: Direction,
  list: Resolved,
  at: Node,
  key: string,
): { readonly rules: readonly RuleDraft[]; readonly isEmpty: boolean } {
  if (list === NONE) return { rules: [], isEmpty: true };
  if (!isNode(list)) return { rules: [openItem(reading, direction, at, key)], isEmpty: false };
  const { value, spot } = list;
  if (!Array.isArray(value))
    return refuse(spot, "rules-shape", `expected a list, found ${showValue(value)}`);
  const rules: RuleDraft[] = [];
  let written = 0;
  for (const [i, each] of value.entries()) {
    const item = reading.evaluator.resolve({ value: each, spot: below(spot, i) });
    if (item === NONE) continue;
    written++;
    const name = `${key}[${i}]`;
    if (!isNode(item)) {
      rules.push(openItem(reading, direction, at, name));
      continue;
    }
    if (!isObject(item.value))
      refuse(item.spot, "rules-shape", `expected a mapping, found ${showValue(item.value)}`);
    const rule = readItem(reading, owner, direction, item, name);
    if (rule !== undefined) rules.push(rule);
  }
  return { rules, isEmpty: written === 0 };
}

interface FoundPeer {
  readonly key: string;
  readonly kind: PeerKind;
  readonly value: Resolved;
}

/** The rule of an item; nothing where it names no peer, which AWS takes for no rule. `name`: its attribute path. */
export function readItem(
  reading: ItemReading,
  owner: ItemOwner,
  direction: Direction,
  item: Node,
  name: string,
): RuleDraft | undefined {
  const { evaluator, context } = reading;
  const found = PEERS[direction].flatMap(([key, kind]): FoundPeer[] => {
    const value = evaluator.member(item, key);
    return value === NONE ? [] : [{ key, kind, value }];
  });
  const [first, second] = found;
  const open = found.find(({ value }) => value === OPEN);
  if (first === undefined) {
    warn(
      context,
      item.spot,
      "permission-without-peers",
      `${name} names no peer and admits nothing`,
    );
    return undefined;
  }
  if (second !== undefined && open === undefined)
    refuse(
      item.spot,
      "rules-shape",
      `a rule has exactly one of ${PEERS[direction].map(([key]) => key).join(", ")}, found ${found.map(({ key }) => key).join(", ")}`,
    );
  const { traffic, openKey } = readItemTraffic(evaluator, item);
  const chosen = open ?? first;
  const peer =
    openKey === undefined
      ? readPeer(reading, owner, item, chosen, name)
      : undecided(reading, item.spot, `${name}.${openKey}`);
  const description = textOf(evaluator.member(item, "Description"));
  return draftRule(direction, traffic, peer, {
    stale: undefined,
    description,
    offset: (item.value as { readonly [OFFSET]?: number })[OFFSET] ?? 0,
    spot: item.spot,
  });
}

/** A rule for whatever traffic, towards whom nothing tells. */
export function openItem(
  reading: ItemReading,
  direction: Direction,
  at: Node,
  name: string,
): RuleDraft {
  return draftRule(direction, anyTraffic(), undecided(reading, at.spot, name), {
    stale: undefined,
    description: undefined,
    offset: (at.value as { readonly [OFFSET]?: number } | null)?.[OFFSET] ?? 0,
    spot: at.spot,
  });
}

function undecided(reading: ItemReading, spot: Spot, name: string): RuleDraft["peer"] {
  reading.onOpen(name, spot);
  return { kind: "prefix-list", id: undecidedId(reading.context, spot, reading.subject, name) };
}

function readPeer(
  reading: ItemReading,
  owner: ItemOwner,
  item: Node,
  { key, kind, value }: FoundPeer,
  name: string,
): RuleDraft["peer"] {
  const spot = isNode(value) ? value.spot : below(item.spot, key);
  const at = (): Spot => spot;
  const { context } = reading;
  const account = accountAt(reading, item);
  const isForeign = account !== undefined && account !== owner.accountId;
  // A name means a group of the account that is named; an id tells by itself which group it is.
  if (account === OPEN || (kind === "name" && isForeign))
    return undecided(reading, spot, `${name}.${key}`);
  if (isResource(value)) {
    const isElsewhere = isForeign && owner.accountId !== undefined;
    if (isElsewhere) return undecided(reading, spot, `${name}.${key}`);
    const what = kind === "list" ? "list" : "group";
    const isBlock = kind === "cidr4" || kind === "cidr6";
    const id = isBlock ? undefined : reading.idOf(value.logicalId, value.attribute, what);
    if (id === undefined) return undecided(reading, spot, `${name}.${key}`);
    return what === "list" ? prefixListPeer(context, id, at) : { kind: "group", id };
  }
  if (value === OPEN) return undecided(reading, spot, `${name}.${key}`);
  const text = textOf(value);
  if (text === undefined)
    return refuse(
      spot,
      "rules-shape",
      `expected text, found ${showValue(isNode(value) ? value.value : undefined)}`,
    );
  if (kind === "cidr4" || kind === "cidr6")
    return blockPeer(context, canonicalBlock(context, text, spot), kind === "cidr4" ? 4 : 6, at);
  if (kind === "list") return prefixListPeer(context, text, at);
  if (kind === "name") {
    const id = reading.groupNamed(text);
    return id === undefined ? undecided(reading, spot, `${name}.${key}`) : { kind: "group", id };
  }
  return groupPeer(context, { GroupId: text, UserId: account }, owner, at);
}

/** The account that a rule names; nothing where it names none, or the one it is in. */
function accountAt({ evaluator }: ItemReading, item: Node): string | typeof OPEN | undefined {
  const written = memberOf(item.value, OWNER);
  if (memberOf(written, "Ref") === "AWS::AccountId") return undefined;
  const value = evaluator.member(item, OWNER);
  return value === NONE ? undefined : (textOf(value) ?? OPEN);
}

/** Protocol and ports; `openKey` names what of them is open, and then the traffic is the widest possible. */
function readItemTraffic(
  evaluator: Evaluator,
  item: Node,
): { readonly traffic: Traffic; readonly openKey: string | undefined } {
  const [protocol, from, to] = ["IpProtocol", "FromPort", "ToPort"].map((key) =>
    evaluator.member(item, key),
  ) as [Resolved, Resolved, Resolved];
  if (isOpen(protocol)) return { traffic: anyTraffic(), openKey: "IpProtocol" };
  const text = protocol === NONE ? undefined : textOf(protocol);
  if (text === undefined)
    return refuse(
      below(item.spot, "IpProtocol"),
      "rules-shape",
      protocol === NONE ? "the key is missing" : "expected a protocol, found a list or a mapping",
    );
  const [openKey] = [["FromPort", from] as const, ["ToPort", to] as const]
    .filter(([, value]) => isOpen(value))
    .map(([key]) => key);
  if (openKey !== undefined) return { traffic: widest(text, item.spot), openKey };
  return {
    openKey,
    traffic: readTraffic(
      {
        IpProtocol: text,
        FromPort: portOf(from, below(item.spot, "FromPort")),
        ToPort: portOf(to, below(item.spot, "ToPort")),
      },
      item.spot,
    ),
  };
}

function isOpen(value: Resolved): boolean {
  return value === OPEN || isResource(value);
}

/** Ports may be texts. */
function portOf(value: Resolved, spot: Spot): number | undefined {
  if (value === NONE) return undefined;
  const text = textOf(value);
  if (text !== undefined && /^(-1|\d{1,7})$/.test(text.trim())) return Number(text);
  return refuse(
    spot,
    "rules-shape",
    `expected a port, found ${showValue(isNode(value) ? value.value : undefined)}`,
  );
}

function widest(protocol: string, spot: Spot): Traffic {
  const number = parseProtocol(protocol);
  const isPorted = number === PROTOCOL_TCP || number === PROTOCOL_UDP;
  const isIcmp = number === PROTOCOL_ICMP || number === PROTOCOL_ICMPV6;
  if (!isPorted && !isIcmp) return readTraffic({ IpProtocol: protocol }, spot);
  const [FromPort, ToPort] = isPorted ? [0, 65_535] : [-1, -1];
  return readTraffic({ IpProtocol: protocol, FromPort, ToPort }, spot);
}
