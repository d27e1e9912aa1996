// Changes of prefix lists and of entries that are resources of their own.
import { formatCidr } from "../../model/address.js";
import { readBlock } from "../load-context.js";
import { below } from "../spot.js";
import { optionalId, requiredId } from "./ids.js";
import { noteCome, noteGone } from "./moved.js";
import { ENTRY_TYPE, listBlocks, listFacts } from "./networks.js";
import { knownText, OPEN, textOf } from "./part.js";
import type { ResourceChange } from "./plan.js";
import { decidedId, find, listOverlay, looksUpLate, type PlanWork } from "./plan-work.js";
import { tellGap, tellReplacedList } from "./replacement.js";
import type { TerraformResource } from "./resource.js";

export function takeList(work: PlanWork, change: ResourceChange): void {
  const { before, after, action } = change;
  if (before !== undefined && action !== "update") {
    const id = requiredId(work.context, before, "id");
    listOverlay(work, id, change).isGone = true;
    if (action === "replace") tellReplacedList(work, change, id);
  }
  if (after === undefined) return;
  const id =
    action === "update" && before !== undefined
      ? requiredId(work.context, before, "id")
      : work.madeIds.get(change.address)!;
  const overlay = listOverlay(work, id, change);
  const next = listBlocks(work.context, after);
  if (action !== "update") {
    overlay.isNew = true;
    const { name, maxEntries, at } = listFacts(after);
    overlay.origin = {
      id,
      cidrs: [],
      at,
      ...(name === undefined ? {} : { name }),
      ...(maxEntries === undefined ? {} : { maxEntries }),
    };
  }
  if (next === OPEN) {
    if (action !== "update" && hasOwnEntries(work, after, id)) return;
    overlay.isOpen = true;
    work.handling.onOpen(after, "entry", below(after.spot, "entry"));
    return;
  }
  const old = before === undefined || action !== "update" ? [] : listBlocks(work.context, before);
  const had = new Set(old === OPEN ? [] : old.map(formatCidr));
  const has = new Set(next.map(formatCidr));
  if (old !== OPEN)
    for (const cidr of old)
      if (!has.has(formatCidr(cidr))) overlay.removed.set(formatCidr(cidr), cidr);
  for (const cidr of next)
    if (!had.has(formatCidr(cidr))) overlay.added.set(formatCidr(cidr), cidr);
}

/** A new list is open where the configuration leaves it out, too; that entries of their own follow shows it. */
function hasOwnEntries(work: PlanWork, list: TerraformResource, id: string): boolean {
  if (work.configuration.isWritten(list, "entry")) return false;
  return work.plan.changes.some(
    ({ type, after }) => type === ENTRY_TYPE && after !== undefined && listOf(work, after) === id,
  );
}

export function takeEntry(work: PlanWork, change: ResourceChange): void {
  const { before, after, action } = change;
  if (before !== undefined) {
    const id = requiredId(work.context, before, "prefix_list_id");
    const cidr = blockOf(work, before);
    if (cidr !== undefined) {
      listOverlay(work, id, change).removed.set(formatCidr(cidr), cidr);
      noteGone(work, change, `${formatCidr(cidr)} in ${id}`);
      if (action === "replace") tellGap(work, change, `${id} does not hold ${formatCidr(cidr)}`);
    }
  }
  if (after === undefined) return;
  const id = listOf(work, after);
  if (id === undefined) {
    if (textOf(after, "prefix_list_id") === OPEN) takeLostEntry(work, change);
    return;
  }
  const overlay = listOverlay(work, id, change);
  const cidr = blockOf(work, after);
  if (cidr !== undefined) {
    overlay.added.set(formatCidr(cidr), cidr);
    noteCome(work, change, `${formatCidr(cidr)} in ${id}`);
    return;
  }
  overlay.isOpen = true;
  work.handling.onOpen(after, "cidr", below(after.spot, "cidr"));
}

/** An entry whose list nothing decides: it may be of every list that is made, and of one that exists. */
function takeLostEntry(work: PlanWork, change: ResourceChange): void {
  const made = [...work.overlay.lists.values()].filter(({ isNew }) => isNew).map(({ id }) => id);
  const mayExist = made.length === 0 || looksUpLate(work, LOOKUPS);
  for (const id of mayExist ? new Set([...made, ...keptLists(work)]) : made)
    listOverlay(work, id, change).isOpen = true;
  find(
    work,
    "entry-without-list",
    change,
    `its prefix list is known only after apply: it may be an entry of ${[...made, ...(mayExist ? ["any list that exists"] : [])].join(", ")}`,
  );
}

/** Data sources that tell a list's id. */
const LOOKUPS = /^aws_ec2_managed_prefix_lists?$/;

/** AWS's own lists take no entries. */
function keptLists({ baseline, lists, overlay }: PlanWork): readonly string[] {
  const known = [...baseline.prefixLists.values(), ...lists.values()];
  return known
    .filter(({ id, name }) => !name?.startsWith("com.amazonaws.") && !overlay.lists.get(id)?.isGone)
    .map(({ id }) => id);
}

function blockOf(
  work: PlanWork,
  resource: TerraformResource,
): ReturnType<typeof readBlock> | undefined {
  const text = knownText(resource, "cidr");
  return text === undefined
    ? undefined
    : readBlock(work.context, text, 0, () => below(resource.spot, "cidr"));
}

/** The list of an entry after the plan; `undefined` where that is not decided. */
function listOf(work: PlanWork, entry: TerraformResource): string | undefined {
  return (
    optionalId(work.context, entry, "prefix_list_id") ?? decidedId(work, entry, "prefix_list_id")
  );
}
