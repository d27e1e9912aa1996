// Changes of interfaces, of what has them, and of attachments.
import { isUndecided, type NetworkInterface } from "../../model/rule-set.js";
import { UNKNOWN_VPC } from "../join-groups.js";
import { below } from "../spot.js";
import { undecidedId } from "../undecided.js";
import { optionalId } from "./ids.js";
import {
  balancerOf,
  CARRIER_TYPES,
  carriedGroups,
  carrierId,
  groupsAttribute,
  readCarrier,
} from "./interfaces.js";
import { noteCome, noteGone } from "./moved.js";
import { isOpen } from "./part.js";
import type { ResourceChange } from "./plan.js";
import {
  decidedId,
  find,
  interfaceOverlay,
  looksUpLate,
  type PlanWork,
  tellDecided,
} from "./plan-work.js";
import { tellGap, tellReplacedCarrier } from "./replacement.js";
import type { TerraformResource } from "./resource.js";

export function takeCarrier(work: PlanWork, change: ResourceChange): void {
  const { before, after, action } = change;
  if (before === undefined) {
    if (after !== undefined) takeMade(work, change, after);
    return;
  }
  const known = interfacesOf(work, before);
  if (known.length === 0 && after !== undefined && !changesGroups(work, before, after)) return;
  if (known.length === 0)
    find(
      work,
      "interface-unknown",
      change,
      "the rules do not hold its interfaces: what changes there is left out",
    );
  for (const { id, origin } of known) {
    if (after === undefined) {
      const overlay = interfaceOverlay(work, id, change);
      overlay.isGone = true;
      find(
        work,
        "interface-gone",
        change,
        `its interface ${id} goes: its records are unknown then`,
      );
      continue;
    }
    moveGroups(work, change, before, after, id, origin);
    if (action === "replace") tellReplacedCarrier(work, change, id);
  }
}

/** The interfaces of a carrier that exists: of an instance the primary one, of a load balancer all that name it. */
function interfacesOf(
  work: PlanWork,
  before: TerraformResource,
): readonly { readonly id: string; readonly origin: NetworkInterface | undefined }[] {
  const id = carrierId(work.context, before);
  if (id !== undefined) return [{ id, origin: readCarrier(work.context, before, () => undefined) }];
  const balancer = balancerOf(before);
  if (balancer === undefined) return [];
  return [...work.baseline.interfaces.values()]
    .filter((carrier) => carrier.balancer === balancer)
    .map((carrier) => ({ id: carrier.id, origin: undefined }));
}

function takeMade(work: PlanWork, change: ResourceChange, after: TerraformResource): void {
  const carrier = readCarrier(work.context, after, (resource, attribute) =>
    decideGroups(work, resource, attribute),
  );
  if (carrier.groupIds.length === 0) return;
  const overlay = interfaceOverlay(work, carrier.id, change);
  overlay.origin = carrier;
  overlay.isNew = true;
}

function changesGroups(
  work: PlanWork,
  before: TerraformResource,
  after: TerraformResource,
): boolean {
  const key = groupsAttribute(after.type);
  if (isOpen(after, key)) return true;
  const groups = (of: TerraformResource): string =>
    carriedGroups(work.context, of, () => undefined).join();
  return groups(before) !== groups(after);
}

/** Lists of interfaces also hold what attachments added: only the difference counts. */
function moveGroups(
  work: PlanWork,
  change: ResourceChange,
  before: TerraformResource,
  after: TerraformResource,
  id: string,
  origin: NetworkInterface | undefined,
): void {
  // Where the plan does not tell what was carried, its list takes the place of all that the rules know.
  const told = carriedGroups(work.context, before, () => undefined);
  const known = work.baseline.interfaces.get(id)?.groupIds ?? [];
  const old = told.some(isUndecided) ? [...told, ...known] : told;
  const next = carriedGroups(work.context, after, (resource, attribute) =>
    decideGroups(work, resource, attribute),
  );
  if (told.join() === next.join()) return;
  const overlay = interfaceOverlay(work, id, change);
  overlay.origin ??= origin;
  for (const group of old) if (!next.includes(group)) overlay.detached.add(group);
  for (const group of next) if (!old.includes(group)) overlay.attached.add(group);
}

/** Groups that the configuration refers to; where something else may be among them, one that nothing describes too. */
function decideGroups(
  work: PlanWork,
  resource: TerraformResource,
  attribute: string,
): readonly string[] | undefined {
  const decided = work.configuration.decide(resource, attribute);
  if (decided === undefined) {
    work.handling.onOpen(resource, attribute, below(resource.spot, attribute));
    return undefined;
  }
  tellDecided(work.overlay, resource, attribute, decided);
  if (decided.isWhole) return decided.ids;
  const rest = undecidedId(work.context, resource.spot, resource.address, attribute);
  return [...decided.ids, rest].sort();
}

export function takeAttachment(work: PlanWork, change: ResourceChange): void {
  const { before, after, action } = change;
  if (before !== undefined) {
    const id = optionalId(work.context, before, "network_interface_id");
    const group = optionalId(work.context, before, "security_group_id");
    if (id !== undefined && group !== undefined) {
      interfaceOverlay(work, id, change).detached.add(group);
      noteGone(work, change, `${group} on ${id}`);
      if (action === "replace") tellGap(work, change, `${id} does not carry ${group}`);
    }
  }
  if (after === undefined) return;
  const interfaceId = endOf(work, after, "network_interface_id");
  const groupId = endOf(work, after, "security_group_id");
  if (interfaceId !== undefined && groupId !== undefined) {
    interfaceOverlay(work, interfaceId, change).attached.add(groupId);
    noteCome(work, change, `${groupId} on ${interfaceId}`);
    return;
  }
  if (interfaceId !== undefined) {
    const spot = below(after.spot, "security_group_id");
    work.handling.onOpen(after, "security_group_id", spot);
    const open = undecidedId(work.context, spot, after.address, "security_group_id");
    interfaceOverlay(work, interfaceId, change).attached.add(open);
    return;
  }
  if (mayBeThere(work)) attachAnywhere(work, change, after, groupId);
  else
    find(
      work,
      "attachment-without-interface",
      change,
      "its interface is known only after apply: it is one that the log cannot hold yet",
    );
}

/** Whether an interface that nothing decides may exist: none is made, or one is looked up during the apply. */
function mayBeThere(work: PlanWork): boolean {
  const isMade = work.plan.changes.some(
    ({ type, before, after }) =>
      CARRIER_TYPES.has(type) && before === undefined && after !== undefined,
  );
  return !isMade || looksUpLate(work, LOOKUPS);
}

/** Data sources that may tell an interface's id. */
const LOOKUPS = /^(aws_(instances?|network_interfaces?|lb|alb)|terraform_remote_state|external)$/;

/** What a group alone admits is unknown wherever its VPC's interfaces may get it. */
function attachAnywhere(
  work: PlanWork,
  change: ResourceChange,
  after: TerraformResource,
  groupId: string | undefined,
): void {
  const spot = below(after.spot, "network_interface_id");
  const open = undecidedId(work.context, spot, after.address, "network_interface_id");
  const vpcId = work.baseline.groups.get(groupId ?? "")?.vpcId;
  for (const { id, vpcId: own } of work.baseline.interfaces.values())
    if (vpcId === undefined || vpcId === UNKNOWN_VPC || own === undefined || own === vpcId)
      interfaceOverlay(work, id, change).attached.add(open);
  find(
    work,
    "interface-unknown",
    change,
    "its interface is known only after apply, and may be any that exists: what the group alone admits there is unknown",
  );
}

/** What an attachment joins: an id that is known, or that references decide. */
export function endOf(work: PlanWork, after: TerraformResource, key: string): string | undefined {
  const known = optionalId(work.context, after, key);
  if (known !== undefined || !isOpen(after, key)) return known;
  return decidedId(work, after, key);
}
