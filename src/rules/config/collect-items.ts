// Which items hold at a time, and when that changes.
import type { Collected } from "../collect.js";
import type { DocumentContents, DocumentKind } from "../document.js";
import { joinGroup } from "../group-document.js";
import { isObject, type JsonValue, memberOf } from "../json-reader.js";
import { type LoadContext, warn } from "../load-context.js";
import { addOnce } from "../once.js";
import { describeList } from "../prefix-list-document.js";
import { formatSpot, refuse } from "../spot.js";
import type { ConfigItem, ConfigItems } from "./item.js";
import { readResource } from "./read-resource.js";
import { RESOURCE_KINDS } from "./resource-kinds.js";

/** How many of what the items are of. */
export function describeItems({ items, unused }: ConfigItems): DocumentContents {
  const counts = new Map<string, number>();
  const kinds = new Set<DocumentKind>();
  for (const { type } of items) {
    counts.set(type, (counts.get(type) ?? 0) + 1);
    for (const kind of RESOURCE_KINDS.get(type) ?? []) kinds.add(kind);
  }
  const note = unused.size === 0 ? "" : `not used here: ${[...unused].sort().join(", ")}`;
  return { counts, kinds, note };
}

/** Adds what holds at the time of the context, which is the latest where it has none. O(items). */
export function collectItems(
  context: LoadContext,
  into: Collected,
  items: readonly ConfigItem[],
): void {
  for (const history of historiesOf(items).values()) {
    const item = history.findLast(({ captured }) => captured <= (context.asOf ?? captured));
    if (item?.status === "unrecorded")
      warn(
        context,
        item.spot,
        "config-not-recorded",
        "AWS Config stopped to follow it: what it was afterwards nobody tells, and it is left out",
      );
    if (item?.configuration !== undefined) collectItem(context, into, item, item.configuration);
  }
}

function collectItem(
  context: LoadContext,
  into: Collected,
  item: ConfigItem,
  configuration: NonNullable<ConfigItem["configuration"]>,
): void {
  const { spot } = item;
  const resource = readResource(context, item, configuration);
  switch (resource.kind) {
    case "group":
      joinGroup(into.groups, resource.thing);
      break;
    case "interface":
      addOnce(into.interfaces, resource.thing, "interface", spot);
      break;
    case "list":
      describeList(into.lists, resource.thing, spot.document.placeOf(0), spot);
      break;
    case "vpc":
      addOnce(into.vpcs, resource.thing, "vpc", spot);
      break;
    case "subnet":
      addOnce(into.subnets, resource.thing, "subnet", spot);
      break;
    case "peering":
      addOnce(into.peerings, resource.thing, "peering", spot);
      break;
    case "acl":
      addOnce(into.acls, resource.thing, "network ACL", spot);
      break;
  }
}

/** The times from which on some resource is another, ascending, Unix seconds. */
export function changeTimes(items: readonly ConfigItem[]): readonly number[] {
  const times = new Set<number>();
  for (const history of historiesOf(items).values())
    history.forEach((item, i) => {
      const before = history[i - 1];
      if (before === undefined || contentOf(before) !== contentOf(item)) times.add(item.captured);
    });
  return [...times].sort((a, b) => a - b);
}

/** The items of each resource in order of time. Two of one state must say the same. */
function historiesOf(items: readonly ConfigItem[]): ReadonlyMap<string, readonly ConfigItem[]> {
  const histories = new Map<string, ConfigItem[]>();
  for (const item of items) {
    const key = `${item.type}/${item.id}`;
    const history = histories.get(key);
    if (history === undefined) histories.set(key, [item]);
    else history.push(item);
  }
  for (const history of histories.values()) {
    history.sort(byState);
    for (const [i, item] of history.entries()) {
      const before = history[i - 1];
      if (before === undefined || byState(before, item) !== 0) continue;
      if (contentOf(before) !== contentOf(item))
        refuse(
          item.spot,
          "config-item-differs",
          `another item of the same time and state stands at ${formatSpot(before.spot)} and differs`,
          "leave one of them out",
        );
    }
  }
  return histories;
}

function byState(a: ConfigItem, b: ConfigItem): number {
  if (a.captured !== b.captured) return a.captured - b.captured;
  if (a.state === b.state) return 0;
  return a.state < b.state ? -1 : 1;
}

function contentOf({ status, configuration }: ConfigItem): string {
  return `${status} ${JSON.stringify(sorted(configuration?.value ?? null))}`;
}

/** Members in the order of their names; a text and an object may say the same in another order. */
function sorted(value: JsonValue): JsonValue | readonly unknown[] {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.keys(value)
    .sort()
    .map((key) => [key, sorted(memberOf(value, key) ?? null)]);
}
