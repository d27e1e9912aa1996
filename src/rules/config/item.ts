// Configuration items of AWS Config: what a resource was from a time on. They come in snapshots and histories that Config
// delivers (camel case throughout), in answers of its API (the configuration is a text), and in notifications.
import { readInner } from "../inner-document.js";
import { isObject, type JsonObject, type JsonValue, memberOf, OFFSET } from "../json-reader.js";
import { below, refuse, type Spot, showValue } from "../spot.js";
import { awsTime } from "../timestamp.js";
import type { ReadResource } from "./read-resource.js";
import { RESOURCE_KINDS } from "./resource-kinds.js";

/** What a resource was from `captured` on, until its next item. */
export interface ConfigItem {
  readonly type: string;
  readonly id: string;
  /** Unix seconds at which Config saw it so. */
  readonly captured: number;
  /** Orders the items of one second, as Config numbers the states of a resource. */
  readonly state: bigint;
  /** `gone`: the resource is deleted. `unrecorded`: Config does not follow it any more, so nobody knows. */
  readonly status: "there" | "gone" | "unrecorded";
  /** What it was; absent unless it is there. */
  readonly configuration?: { readonly value: JsonObject; readonly spot: Spot };
  readonly spot: Spot;
  /** Read once, for all the times that ask. */
  readonly memory: { resource?: ReadResource };
}

export interface ConfigItems {
  readonly items: readonly ConfigItem[];
  /** The types of those that no rule set is made of: of them nothing else is read. */
  readonly unused: ReadonlySet<string>;
  /** The answer says that more of it follows. */
  readonly cut: boolean;
  /** Resources that were asked for and that the answer does not hold. */
  readonly unprocessed: number;
}

const STATUSES: ReadonlyMap<string, ConfigItem["status"]> = new Map([
  ["OK", "there"],
  ["ResourceDiscovered", "there"],
  ["ResourceDeleted", "gone"],
  ["ResourceNotRecorded", "unrecorded"],
  ["ResourceDeletedNotRecorded", "gone"],
]);

/** Keys of the lists that items come in. */
const LISTS = ["configurationItems", "baseConfigurationItems"] as const;

/** Where a top-level value holds items; `undefined` where it holds none. */
export function itemSpots(value: JsonValue, spot: Spot): readonly Spot[] | undefined {
  if (isItem(value)) return [spot];
  if (Array.isArray(value))
    return value.length > 0 && value.every(isItem)
      ? value.map((_, index) => below(spot, index))
      : undefined;
  for (const key of LISTS) {
    const list = memberOf(value, key);
    if (Array.isArray(list)) return list.map((_, index) => below(spot, key, index));
  }
  if (isItem(memberOf(value, "configurationItem"))) return [below(spot, "configurationItem")];
  return isItem(memberOf(memberOf(value, "detail"), "configurationItem"))
    ? [below(spot, "detail", "configurationItem")]
    : notified(value, spot);
}

/** A notification stands as a text in what SNS delivers. */
function notified(value: JsonValue, spot: Spot): readonly Spot[] | undefined {
  const text = memberOf(value, "Message");
  if (memberOf(value, "Type") !== "Notification" || typeof text !== "string") return undefined;
  if (!text.includes('"configurationItem"')) return undefined;
  const document = readInner(below(spot, "Message"), text);
  const [inner] = document.values;
  return isItem(memberOf(inner, "configurationItem"))
    ? [{ document, value: 0, path: ["configurationItem"] }]
    : undefined;
}

function isItem(value: JsonValue | undefined): boolean {
  return (
    typeof memberOf(value, "resourceType") === "string" &&
    memberOf(value, "configurationItemCaptureTime") !== undefined
  );
}

/** The items of a value that `itemSpots` found some in. Throws where one does not say what it is of, or when. */
export function readItems(value: JsonValue, spots: readonly Spot[]): ConfigItems {
  const token = memberOf(value, "nextToken");
  const unprocessed = memberOf(value, "unprocessedResourceKeys");
  const unused = new Set<string>();
  const items = spots.flatMap((each) => {
    const type = memberOf(valueAt(each), "resourceType");
    if (typeof type !== "string" || type === "" || RESOURCE_KINDS.has(type)) return readItem(each);
    unused.add(type);
    return [];
  });
  return {
    items,
    unused,
    cut: typeof token === "string" && token !== "",
    unprocessed: Array.isArray(unprocessed) ? unprocessed.length : 0,
  };
}

function readItem(spot: Spot): ConfigItem {
  const value = valueAt(spot);
  if (!isObject(value))
    return refuse(spot, "rules-shape", `expected a configuration item, found ${showValue(value)}`);
  const type = textOf(value, "resourceType", spot);
  const id = textOf(value, "resourceId", spot);
  const status = statusOf(value, spot);
  return {
    type,
    id,
    captured: captureTime(value, spot),
    state: stateOf(value, spot),
    status,
    ...(status === "there" ? { configuration: configurationOf(value, spot) } : {}),
    spot: { ...spot, subject: `${type} ${id}` },
    memory: {},
  };
}

function valueAt({ document, value, path }: Spot): JsonValue | undefined {
  let found: JsonValue | undefined = document.values[value];
  for (const step of path)
    found = Array.isArray(found) ? found[step as number] : memberOf(found, String(step));
  return found;
}

function textOf(item: JsonObject, key: string, spot: Spot): string {
  const text = memberOf(item, key);
  if (typeof text === "string" && text !== "") return text;
  return refuse(
    below(spot, key),
    "rules-shape",
    `expected a text, found ${showValue(text)}`,
    "give the items as AWS Config delivers or answers them",
  );
}

function statusOf(item: JsonObject, spot: Spot): ConfigItem["status"] {
  const text = textOf(item, "configurationItemStatus", spot);
  const status = STATUSES.get(text);
  if (status !== undefined) return status;
  return refuse(
    below(spot, "configurationItemStatus"),
    "config-status",
    `${showValue(text)} is no status of a configuration item`,
    `known are ${[...STATUSES.keys()].join(", ")}`,
  );
}

/** ISO, or Unix seconds as version 1 of the AWS CLI prints them. */
function captureTime(item: JsonObject, spot: Spot): number {
  const time = memberOf(item, "configurationItemCaptureTime");
  if (typeof time === "number" && time >= 0 && time < 1e11) return Math.floor(time);
  return awsTime(time, below(spot, "configurationItemCaptureTime"));
}

/** A number beyond what JSON's numbers hold exactly; the API gives it as text. */
function stateOf(item: JsonObject, spot: Spot): bigint {
  const state = memberOf(item, "configurationStateId");
  if (state === undefined || state === null) return 0n;
  if (typeof state === "number" && Number.isInteger(state)) return BigInt(state);
  if (typeof state === "string" && /^\d{1,30}$/.test(state)) return BigInt(state);
  return refuse(
    below(spot, "configurationStateId"),
    "rules-shape",
    `expected a whole number, found ${showValue(state)}`,
  );
}

function configurationOf(
  item: JsonObject,
  parent: Spot,
): { readonly value: JsonObject; readonly spot: Spot } {
  const spot = below(parent, "configuration");
  const value = memberOf(item, "configuration");
  if (isObject(value)) return { value, spot };
  if (typeof value === "string") {
    const document = readInner(spot, value);
    const [inner] = document.values;
    if (isObject(inner)) return { value: inner, spot: { document, value: 0, path: [] } };
  }
  return refuse(
    spot,
    "rules-shape",
    `expected what the resource is, found ${showValue(value)}`,
    "an item says it unless the resource is deleted; ask Config for whole items, not for their heads",
  );
}

/** The configuration with the key names of the EC2 API, which the readers of its answers know. */
export function asAnswer({ value, spot }: { readonly value: JsonObject; readonly spot: Spot }): {
  readonly value: JsonObject;
  readonly document: Spot["document"];
} {
  const { document } = spot;
  const answer = withApiNames(value) as JsonObject;
  return {
    value: answer,
    document: {
      ...document,
      values: [answer],
      offsets: [value[OFFSET]],
      placeOf: (offset) => document.placeOf(offset),
      locate: (start, path) =>
        document.locate(
          start,
          path.map((step) => (typeof step === "string" ? lowered(step) : step)),
        ),
    },
  };
}

/** The reader of the text lets nothing nest deeper than a hundred. */
function withApiNames(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withApiNames);
  if (!isObject(value)) return value;
  const named: { [OFFSET]: number; [key: string]: JsonValue } = { [OFFSET]: value[OFFSET] };
  for (const [key, part] of Object.entries(value)) named[raised(key)] = withApiNames(part);
  return named;
}

function raised(key: string): string {
  return key.charAt(0).toUpperCase() + key.slice(1);
}

function lowered(key: string): string {
  return key.charAt(0).toLowerCase() + key.slice(1);
}
