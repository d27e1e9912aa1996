// Prefix lists and interfaces that a change set changes.
import { formatCidr } from "../../model/address.js";
import type { JsonValue } from "../json-reader.js";
import { readBlock, readId } from "../load-context.js";
import { interfaceChange, listChange } from "../overlay.js";
import { placeOfSpot } from "../spot.js";
import { asId, undecidedId } from "../undecided.js";
import type { StackChange } from "./change-set.js";
import { type ChangeWork, find, sourceOf, tellOpen } from "./change-set-work.js";
import { isNode, NONE, type Node, OPEN, textOf } from "./evaluate.js";
import { BALANCER, INSTANCE, INTERFACE } from "./resource-types.js";

export function takeList(work: ChangeWork, change: StackChange): void {
  const { physicalId, action, isReplaced, isRetained, logicalId, spot, before, after } = change;
  if (physicalId !== undefined && (action === "remove" || (isReplaced === true && !isRetained)))
    listChange(work.overlay, physicalId, sourceOf(change)).isGone = true;
  if (action === "remove") return;
  const isMade = action === "add" || isReplaced === true || physicalId === undefined;
  const id = isMade ? readId(work.context, asId(logicalId), () => spot) : physicalId;
  const overlay = listChange(work.overlay, id, sourceOf(change));
  if (isMade) {
    overlay.isNew = true;
    overlay.origin = { id, cidrs: [], at: placeOfSpot(spot) };
  }
  const next = blocksOf(work, after);
  const old = isMade ? new Map() : blocksOf(work, before);
  if (next === OPEN || old === OPEN) {
    overlay.isOpen = true;
    tellOpen(work, change, "Entries", after.spot);
    return;
  }
  for (const [text, cidr] of old) if (!next.has(text)) overlay.removed.set(text, cidr);
  for (const [text, cidr] of next) if (!old.has(text)) overlay.added.set(text, cidr);
}

function blocksOf(
  { evaluator, context }: ChangeWork,
  properties: Node,
): Map<string, ReturnType<typeof readBlock>> | typeof OPEN {
  const list = evaluator.member(properties, "Entries");
  if (list === NONE) return new Map();
  if (!isNode(list) || !Array.isArray(list.value)) return OPEN;
  const found = new Map<string, ReturnType<typeof readBlock>>();
  for (const [i, value] of (list.value as readonly JsonValue[]).entries()) {
    const spot = { ...list.spot, path: [...list.spot.path, i] };
    const text = textOf(evaluator.member({ value, spot }, "Cidr"));
    if (text === undefined) return OPEN;
    const cidr = readBlock(context, text, 0, () => spot);
    found.set(formatCidr(cidr), cidr);
  }
  return found;
}

/** Of an instance the second one holds names. */
const GROUP_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  [INTERFACE, ["GroupSet"]],
  [INSTANCE, ["SecurityGroupIds", "SecurityGroups"]],
  [BALANCER, ["SecurityGroups"]],
]);

export function takeCarrier(work: ChangeWork, change: StackChange): void {
  const { action, physicalId, isReplaced, isRetained } = change;
  // Nothing of a log is at an interface that is yet to be made.
  if (action === "add" || physicalId === undefined) return;
  const ids = carriersOf(work, change.type, physicalId);
  if (action === "remove") {
    if (ids.length === 0) tellUnknown(work, change);
    for (const id of ids) {
      interfaceChange(work.overlay, id, sourceOf(change)).isGone = true;
      find(
        work,
        "interface-gone",
        change,
        `its interface ${id} goes: its records are unknown then`,
      );
    }
    return;
  }
  if (isReplaced === true && isRetained) {
    find(work, "no-longer-managed", change, "it stays beside its successor, as it is");
    return;
  }
  const groups = groupsChanged(work, change);
  if (groups === undefined) return;
  if (ids.length === 0) tellUnknown(work, change);
  const meant = meantOf(work, change, ids, groups);
  for (const id of meant) {
    const overlay = interfaceChange(work.overlay, id, sourceOf(change));
    const old = groups.old ?? work.baseline.interfaces.get(id)?.groupIds ?? [];
    for (const group of old) if (!groups.next.includes(group)) overlay.detached.add(group);
    for (const group of groups.next) if (!old.includes(group)) overlay.attached.add(group);
    if (isReplaced === true)
      find(
        work,
        "replace-successor",
        change,
        `it is made anew; the traffic of ${id} is judged by the groups of its successor`,
      );
  }
}

function tellUnknown(work: ChangeWork, change: StackChange): void {
  find(
    work,
    "interface-unknown",
    change,
    "the rules do not hold its interfaces: what changes there is left out",
  );
}

interface GroupsChanged {
  /** `undefined`: whatever the interface has, such as the default group, which no template tells. */
  readonly old: readonly string[] | undefined;
  readonly next: readonly string[];
}

/** What changes of the groups; `undefined` where nothing does. */
function groupsChanged(work: ChangeWork, change: StackChange): GroupsChanged | undefined {
  const { type, before, after } = change;
  const keys = GROUP_KEYS.get(type) as readonly string[];
  const launched = [before, after].map((each) => writtenAt(work, each, "NetworkInterfaces"));
  if (type === INSTANCE && launched[0] !== launched[1])
    return { old: undefined, next: [openGroup(work, change, "NetworkInterfaces")] };
  const [was, comes] = [before, after].map((each) =>
    keys.map((key) => writtenAt(work, each, key)).join(),
  );
  if (was === comes) return undefined;
  const groupsOf = (each: Node): readonly string[] =>
    [...new Set(keys.flatMap((key) => groupsAt(work, change, each, key)))].sort();
  const old = groupsOf(before);
  const next = groupsOf(after);
  if (old.length > 0 && old.join() === next.join()) return undefined;
  return {
    old: old.length === 0 ? undefined : old,
    // AWS attaches the default group of the VPC where no group is named.
    next: next.length === 0 ? [openGroup(work, change, keys[0] as string)] : next,
  };
}

/** A list as it is written; nothing and an empty one are the same. */
function writtenAt({ evaluator }: ChangeWork, properties: Node, key: string): string {
  const value = evaluator.member(properties, key);
  if (value === NONE) return "[]";
  return isNode(value) ? JSON.stringify(value.value) : "";
}

/**
 * The interfaces that a change is about. An instance's groups are those of its primary interface; where it has several,
 * it is the one that has what the change set says was there. Where that does not tell, all of them lose what they may
 * lose, and whatever comes is undecided.
 */
function meantOf(
  work: ChangeWork,
  change: StackChange,
  ids: readonly string[],
  groups: GroupsChanged,
): readonly string[] {
  if (change.type !== INSTANCE || ids.length < 2) return ids;
  const had = (id: string): readonly string[] => work.baseline.interfaces.get(id)?.groupIds ?? [];
  const old = [...(groups.old ?? [])].sort().join();
  const same = ids.filter((id) => [...had(id)].sort().join() === old);
  if (same.length === 1) return same;
  find(
    work,
    "interface-unknown",
    change,
    `nothing tells which of its interfaces (${ids.join(", ")}) is the primary one, whose groups these are: what only ` +
      "some of them admit is unknown",
  );
  for (const id of same.length > 0 ? same : ids) {
    const overlay = interfaceChange(work.overlay, id, sourceOf(change));
    for (const group of had(id)) if (!groups.next.includes(group)) overlay.detached.add(group);
    overlay.attached.add(undecidedId(work.context, change.spot, change.logicalId, "interfaces"));
  }
  return [];
}

function carriersOf({ baseline }: ChangeWork, type: string, physicalId: string): readonly string[] {
  if (type === INTERFACE) return [physicalId];
  const all = [...baseline.interfaces.values()];
  const [, balancer] = /:loadbalancer\/(.+)$/.exec(physicalId) ?? [];
  return all
    .filter((carrier) =>
      type === INSTANCE
        ? carrier.instanceId === physicalId
        : balancer !== undefined && carrier.balancer === balancer,
    )
    .map(({ id }) => id);
}

function groupsAt(
  work: ChangeWork,
  change: StackChange,
  properties: Node,
  key: string,
): readonly string[] {
  const { evaluator, context, baseline } = work;
  const open = (name: string): string => openGroup(work, change, name);
  const isNames = change.type === INSTANCE && key === "SecurityGroups";
  const idNamed = (name: string): string | undefined => {
    const found = [...baseline.groups.values()].filter((group) => group.name === name);
    return found.length === 1 ? found[0]?.id : undefined;
  };
  const list = evaluator.member(properties, key);
  if (list === NONE) return [];
  if (!isNode(list) || !Array.isArray(list.value)) return [open(key)];
  const ids = (list.value as readonly JsonValue[]).map((value, i) => {
    const spot = { ...list.spot, path: [...list.spot.path, i] };
    const text = textOf(evaluator.resolve({ value, spot }));
    if (text === undefined) return open(`${key}[${i}]`);
    // Where CloudFormation tells an id among the names, it is one.
    if (isNames && !baseline.groups.has(text)) return idNamed(text) ?? open(`${key}[${i}]`);
    return readId(context, text, () => spot);
  });
  return [...new Set(ids)].sort();
}

/** A group that nothing describes. */
function openGroup(work: ChangeWork, change: StackChange, name: string): string {
  tellOpen(work, change, name, change.spot);
  return undecidedId(work.context, change.spot, change.logicalId, name);
}
