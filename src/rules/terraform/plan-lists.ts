// Changes of prefix lists and of entries that are resources of their own.
import { formatCidr } from "../../model/address.js";
import { readBlock } from "../load-context.js";
import { below } from "../spot.js";
import { optionalId, requiredId } from "./ids.js";
import { ENTRY_TYPE, listBlocks, listFacts } from "./networks.js";
import { knownText, OPEN, textOf } from "./part.js";
import type { ResourceChange } from "./plan.js";
import { decidedId, listOverlay, type PlanWork } from "./plan-work.js";
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
      if (action === "replace") tellGap(work, change, `${id} does not hold ${formatCidr(cidr)}`);
    }
  }
  if (after === undefined) return;
  for (const id of listsOf(work, after)) {
    const overlay = listOverlay(work, id, change);
    const cidr = blockOf(work, after);
    if (cidr !== undefined) {
      overlay.added.set(formatCidr(cidr), cidr);
      continue;
    }
    overlay.isOpen = true;
    work.handling.onOpen(after, "cidr", below(after.spot, "cidr"));
  }
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

/** The list of an entry; every list that is yet to be made where nothing decides which one. */
function listsOf(work: PlanWork, after: TerraformResource): readonly string[] {
  const known = listOf(work, after);
  if (known !== undefined) return [known];
  if (textOf(after, "prefix_list_id") !== OPEN) return [];
  for (const overlay of work.overlay.lists.values()) if (overlay.isNew) overlay.isOpen = true;
  return [];
}
