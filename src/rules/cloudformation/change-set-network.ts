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
import { BALANCER, INSTANCE, INTERFACE } from "./template.js";

export function takeList(work: ChangeWork, change: StackChange): void {
  const { physicalId, action, isReplaced, logicalId, spot, before, after } = change;
  if (physicalId !== undefined && (action === "remove" || isReplaced === true))
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

const GROUP_KEYS: ReadonlyMap<string, string> = new Map([
  [INTERFACE, "GroupSet"],
  [INSTANCE, "SecurityGroupIds"],
  [BALANCER, "SecurityGroups"],
]);

export function takeCarrier(work: ChangeWork, change: StackChange): void {
  const { action, physicalId, isReplaced } = change;
  // Nothing of a log is at an interface that is yet to be made.
  if (action === "add" || physicalId === undefined) return;
  const key = GROUP_KEYS.get(change.type) as string;
  const ids = carriersOf(work, change.type, physicalId);
  const old = groupsAt(work, change, change.before, key);
  const next = action === "remove" ? [] : groupsAt(work, change, change.after, key);
  if (action === "modify" && old.join() === next.join()) return;
  if (ids.length === 0)
    find(
      work,
      "interface-unknown",
      change,
      "the rules do not hold its interfaces: what changes there is left out",
    );
  for (const id of ids) {
    const overlay = interfaceChange(work.overlay, id, sourceOf(change));
    if (action === "remove") {
      overlay.isGone = true;
      find(
        work,
        "interface-gone",
        change,
        `its interface ${id} goes: its records are unknown then`,
      );
      continue;
    }
    for (const group of old) if (!next.includes(group)) overlay.detached.add(group);
    for (const group of next) if (!old.includes(group)) overlay.attached.add(group);
    if (isReplaced === true)
      find(
        work,
        "replace-successor",
        change,
        `it is made anew; the traffic of ${id} is judged by the groups of its successor`,
      );
  }
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
  const { evaluator, context } = work;
  const open = (name: string): string => {
    tellOpen(work, change, name, change.spot);
    return undecidedId(context, change.spot, change.logicalId, name);
  };
  const list = evaluator.member(properties, key);
  if (list === NONE) return [];
  if (!isNode(list) || !Array.isArray(list.value)) return [open(key)];
  const ids = (list.value as readonly JsonValue[]).map((value, i) => {
    const spot = { ...list.spot, path: [...list.spot.path, i] };
    const text = textOf(evaluator.resolve({ value, spot }));
    return text === undefined ? open(`${key}[${i}]`) : readId(context, text, () => spot);
  });
  return [...new Set(ids)].sort();
}
