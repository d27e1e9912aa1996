// Changes of prefix lists and of entries that are resources of their own.
import { formatCidr } from "../../model/address.js";
import { readBlock } from "../load-context.js";
import { below } from "../spot.js";
import { optionalId, requiredId } from "./ids.js";
import { listBlocks, listFacts } from "./networks.js";
import { knownText, OPEN, textOf } from "./part.js";
import type { ResourceChange } from "./plan.js";
import { listOverlay, type PlanWork } from "./plan-work.js";
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
    // Of a new list it is open where the configuration leaves it out: entries of their own follow.
    if (action !== "update" && work.configuration.isWritten(after, "entry") === false) return;
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

/** The list of an entry; every list that is yet to be made where nothing decides which one. */
function listsOf(work: PlanWork, after: TerraformResource): readonly string[] {
  const known = optionalId(work.context, after, "prefix_list_id");
  if (known !== undefined) return [known];
  if (textOf(after, "prefix_list_id") !== OPEN) return [];
  const decided = work.configuration.decide(after, "prefix_list_id")?.ids;
  if (decided?.length === 1) return decided;
  for (const overlay of work.overlay.lists.values()) if (overlay.isNew) overlay.isOpen = true;
  return [];
}
