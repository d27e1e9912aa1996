// Which AWS answers a JSON document holds, by content: never by file name (but for the id of a prefix list's entries,
// which the answer itself lacks).
import type { DocumentKind } from "./document.js";
import { type Form, readForm } from "./form.js";
import { isObject, type JsonDocument, type JsonObject, type JsonValue } from "./json-reader.js";
import { below, refuse, type Spot } from "./spot.js";
import { httpDate } from "./timestamp.js";

/** One page of one answer. */
export interface Page {
  readonly kind: DocumentKind;
  readonly items: readonly JsonValue[];
  /** Where each item stands. */
  spotOf(index: number): Spot;
  readonly spot: Spot;
  /** NextToken is set: another page follows somewhere. */
  readonly cut: boolean;
  /** The wrapper `{"PrefixListId": ..., "Entries": [...]}` names its list. */
  readonly listId?: { readonly value: JsonValue; readonly spot: Spot };
}

export interface Recognised {
  readonly pages: readonly Page[];
  readonly forms: readonly Form[];
  /** Lists of AWS answers that the rule set does not use. */
  readonly others: readonly string[];
  /** Values that are no AWS answer at all. */
  readonly strangers: readonly Spot[];
  readonly takenAt: number | undefined;
}

const ANSWER_KEYS: ReadonlyMap<string, DocumentKind> = new Map([
  ["SecurityGroups", "describe-security-groups"],
  ["SecurityGroupRules", "describe-security-group-rules"],
  ["StaleSecurityGroupSet", "describe-stale-security-groups"],
  ["NetworkInterfaces", "describe-network-interfaces"],
  ["PrefixLists", "describe-managed-prefix-lists"],
  ["Entries", "get-managed-prefix-list-entries"],
  ["Vpcs", "describe-vpcs"],
  ["Subnets", "describe-subnets"],
  ["VpcPeeringConnections", "describe-vpc-peering-connections"],
  ["NetworkAcls", "describe-network-acls"],
]);

/** The same lists as the cloud resource collector of NP-Guard names them; interfaces stand inside its instances. */
const COLLECTION_KEYS: ReadonlyMap<string, DocumentKind> = new Map([
  ["security_groups", "describe-security-groups"],
  ["network_acls", "describe-network-acls"],
  ["subnets", "describe-subnets"],
  ["vpcs", "describe-vpcs"],
]);

/** Keys that only one kind of bare object has, asked in this order: interfaces carry subnet and VPC ids too. */
const BARE_KEYS: readonly (readonly [DocumentKind, readonly string[]])[] = [
  ["describe-security-group-rules", ["SecurityGroupRuleId", "IsEgress"]],
  ["describe-stale-security-groups", ["GroupId", "StaleIpPermissions"]],
  ["describe-stale-security-groups", ["GroupId", "StaleIpPermissionsEgress"]],
  ["describe-security-groups", ["GroupId", "IpPermissions"]],
  ["describe-security-groups", ["GroupId", "IpPermissionsEgress"]],
  ["describe-network-interfaces", ["NetworkInterfaceId", "Groups"]],
  ["describe-managed-prefix-lists", ["PrefixListId", "PrefixListName"]],
  ["describe-managed-prefix-lists", ["PrefixListId", "Cidrs"]],
  ["describe-vpc-peering-connections", ["VpcPeeringConnectionId", "Status"]],
  ["describe-network-acls", ["NetworkAclId", "Entries"]],
  ["describe-subnets", ["SubnetId", "VpcId", "CidrBlock"]],
  ["describe-subnets", ["SubnetId", "VpcId", "Ipv6CidrBlockAssociationSet"]],
  ["describe-vpcs", ["VpcId", "CidrBlock"]],
];

/** Sorts every value of the document into pages and forms. Throws where a value is an error answer or is ambiguous. */
export function recognise(document: JsonDocument): Recognised {
  const pages: Page[] = [];
  const forms: Form[] = [];
  const others: string[] = [];
  const strangers: Spot[] = [];
  let takenAt: number | undefined;

  function noteTime(time: number): void {
    takenAt = Math.min(takenAt ?? time, time);
  }

  function visitObject(object: JsonObject, spot: Spot): boolean {
    const { status_code: status, data } = object;
    if (status !== undefined && isObject(data)) return visitObject(data, below(spot, "data"));
    if (isCollection(object)) return visitCollection(object, spot);
    refuseErrorAnswer(object, spot);
    const answered = answerTime(object);
    if (answered !== undefined) noteTime(answered);
    const bare = bareKind(object);
    if (bare !== undefined) {
      pages.push(bareObjects(bare, [object], spot, () => spot));
      return true;
    }
    if (isThing(object)) return false;
    let known = false;
    for (const [key, value] of Object.entries(object)) {
      const kind = ANSWER_KEYS.get(key);
      if (kind !== undefined && holds(key, value)) {
        pages.push(answerPage(kind, key, object, spot));
        known = true;
      } else if (Array.isArray(value) && /^[A-Z]/.test(key)) {
        others.push(key);
        known = true;
      }
    }
    return known;
  }

  function visitCollection(collection: JsonObject, spot: Spot): boolean {
    for (const [key, value] of Object.entries(collection)) {
      const kind = COLLECTION_KEYS.get(key);
      if (kind !== undefined) pages.push(answerPage(kind, key, collection, spot));
      else if (key === "instances" && Array.isArray(value))
        for (const [index, instance] of value.entries())
          if (isObject(instance) && hasInterfaces(instance))
            pages.push(
              answerPage(
                "describe-network-interfaces",
                "NetworkInterfaces",
                instance,
                below(spot, key, index),
              ),
            );
    }
    return true;
  }

  function visitArray(array: readonly JsonValue[], spot: Spot): boolean {
    const kinds = array.map((item) => (isObject(item) ? bareKind(item) : undefined));
    const first = kinds[0];
    if (first !== undefined) {
      const odd = kinds.findIndex((kind) => kind !== first);
      if (odd >= 0)
        refuse(
          below(spot, odd),
          "rules-ambiguous",
          `the array began with items of ${first}, this one is ${kinds[odd] ?? "none"}`,
          "keep one kind of object per array, or keep AWS's own wrapping",
        );
      pages.push(bareObjects(first, array, spot, (index) => below(spot, index)));
      return true;
    }
    let known = array.length > 0;
    for (const [index, item] of array.entries())
      known = isObject(item) && visitObject(item, below(spot, index)) && known;
    return known;
  }

  for (const [index, value] of document.values.entries()) {
    const spot: Spot = { document, value: index, path: [] };
    const form = readForm(value, spot);
    if (form !== undefined) {
      forms.push(form);
      if (form.kind === "snapshot") noteTime(form.takenAt);
      continue;
    }
    let known = false;
    if (isObject(value)) known = visitObject(value, spot);
    else if (Array.isArray(value)) known = visitArray(value, spot);
    if (!known) strangers.push(spot);
  }
  return { pages, forms, others, strangers, takenAt };
}

function bareKind(object: JsonObject): DocumentKind | undefined {
  const found = BARE_KEYS.find(([, keys]) => keys.every((key) => object[key] !== undefined));
  return found?.[0];
}

/**
 * An AWS resource rather than an answer: it has an id of its own. An instance, for one, holds lists called
 * SecurityGroups and NetworkInterfaces that are not the answers of those names.
 */
function isThing(object: JsonObject): boolean {
  return Object.entries(object).some(
    ([key, value]) =>
      typeof value === "string" &&
      /(Id|Arn)$/.test(key) &&
      key !== "PrefixListId" &&
      key !== "RequestId",
  );
}

/** A whole account in one object, as the cloud resource collector of NP-Guard writes it. */
function isCollection(object: JsonObject): boolean {
  const { collector_version: version, provider } = object;
  return typeof version === "string" && provider === "aws";
}

function hasInterfaces({ NetworkInterfaces: interfaces }: JsonObject): boolean {
  return interfaces !== undefined && interfaces !== null;
}

/** Other services answer with `Entries` too. */
function holds(key: string, value: JsonValue): boolean {
  if (key !== "Entries") return true;
  if (!Array.isArray(value)) return false;
  const first: JsonValue = value[0];
  return first === undefined || (isObject(first) && Object.hasOwn(first, "Cidr"));
}

function bareObjects(
  kind: DocumentKind,
  items: readonly JsonValue[],
  spot: Spot,
  spotOf: (index: number) => Spot,
): Page {
  return { kind: exactKind(kind, items), items, spot, spotOf, cut: false };
}

function answerPage(kind: DocumentKind, key: string, object: JsonObject, parent: Spot): Page {
  const spot = below(parent, key);
  const items = object[key] as JsonValue;
  if (!Array.isArray(items)) return refuse(spot, "rules-shape", "expected an array");
  const { NextToken: token, PrefixListId: listId } = object;
  return {
    kind: exactKind(kind, items),
    items,
    spot,
    spotOf: (index) => below(spot, index),
    cut: token !== undefined && token !== null && token !== "",
    ...(listId === undefined
      ? {}
      : { listId: { value: listId, spot: below(parent, "PrefixListId") } }),
  };
}

/** describe-prefix-lists and describe-managed-prefix-lists share their key; only the former has blocks inline. */
function exactKind(kind: DocumentKind, items: readonly JsonValue[]): DocumentKind {
  if (kind !== "describe-managed-prefix-lists") return kind;
  const inline = items.some((item) => isObject(item) && Object.hasOwn(item, "Cidrs"));
  return inline ? "describe-prefix-lists" : kind;
}

function refuseErrorAnswer(object: JsonObject, spot: Spot): void {
  const { Error: error } = object;
  if (!isObject(error)) return;
  const { Code, Message } = error;
  refuse(
    below(spot, "Error"),
    "rules-error-answer",
    `AWS answered with an error instead of data: ${String(Code)}: ${String(Message)}`,
    "run the command again until it succeeds, or leave this file out",
  );
}

/** The Date header that SDKs keep beside an answer. */
function answerTime(object: JsonObject): number | undefined {
  const { ResponseMetadata: metadata } = object;
  if (!isObject(metadata)) return undefined;
  const { HTTPHeaders: headers } = metadata;
  if (!isObject(headers)) return undefined;
  const { date } = headers;
  return typeof date === "string" ? httpDate(date) : undefined;
}
