// Groups that a plan changes on interfaces which Terraform does not tell: those of databases, functions, launch
// templates, endpoints, ...
import type { RuleSet } from "../../model/rule-set.js";
import { memberOf } from "../json-reader.js";
import type { LoadContext } from "../load-context.js";
import { newOverlay, type Overlay } from "../overlay.js";
import { placeOfSpot } from "../spot.js";
import { undecidedId } from "../undecided.js";
import {
  type CarrierWork,
  certainOwners,
  type MovedGroups,
  movedLists,
  moveGroups,
  possibleWords,
  type ReachedInterfaces,
  settleGroups,
  type UnreadCarrier,
} from "../unread-carriers.js";
import { groupLists } from "./group-lists.js";
import { CARRIER_TYPES, carrierId } from "./interfaces.js";
import { knownText } from "./part.js";
import type { ResourceChange } from "./plan.js";
import { leaveStateAclsOpen } from "./plan-acls.js";
import { endOf } from "./plan-carriers.js";
import { find, interfaceOverlay, type PlanWork } from "./plan-work.js";
import { isUnreadCarrier } from "./read-state.js";
import type { TerraformResource } from "./resource.js";

/** Adds or takes groups of an endpoint, and nothing else: those that it is made with are news. */
const ASSOCIATION_TYPE = "aws_vpc_endpoint_security_group_association";

/** Moves groups where what carries them says so, as far as it can be told on which interfaces that is. */
export function takeUnreadCarriers(work: PlanWork): void {
  const { context, overlay, baseline: rules } = work;
  const isOther = ownInterfaces(context, work.plan.prior);
  const carrierWork: CarrierWork = { context, overlay, rules, isOther };
  for (const change of work.plan.changes) {
    const { type, action, before, after } = change;
    if (action === "none" || action === "forget") continue;
    if (type === ASSOCIATION_TYPE) takeAssociation(work, carrierWork, change);
    // The interfaces of what is yet to be made are in no log.
    else if (before !== undefined && (isUnreadCarrier(before) || (after && isUnreadCarrier(after))))
      takeUnread(work, carrierWork, change, before);
  }
}

function takeUnread(
  work: PlanWork,
  carrierWork: CarrierWork,
  change: ResourceChange,
  before: TerraformResource,
): void {
  const carrier = unreadCarrier(before, change.address);
  if (change.after === undefined) {
    const gone = certainOwners(work.baseline, carrier);
    for (const { id } of gone) {
      interfaceOverlay(work, id, change).isGone = true;
      find(
        work,
        "interface-gone",
        change,
        `its interface ${id} goes: its records are unknown then`,
      );
    }
    if (gone.length > 0) return;
  }
  const next = change.after === undefined ? [] : groupLists(change.after);
  for (const moved of movedLists(groupLists(before), next)) {
    const reached = moveGroups(carrierWork, carrier, decided(work, change, moved));
    tellReached(work, change, moved.attribute, reached);
  }
}

/** What the configuration refers to, where the plan leaves a list open. */
function decided(
  { configuration }: PlanWork,
  { after }: ResourceChange,
  moved: MovedGroups,
): MovedGroups {
  if (moved.after !== undefined || after === undefined || moved.attribute.includes("."))
    return moved;
  const found = configuration.decide(after, moved.attribute);
  return found?.isWhole === true ? { ...moved, after: found.ids } : moved;
}

function tellReached(
  work: PlanWork,
  change: ResourceChange,
  attribute: string,
  reached: ReachedInterfaces,
): void {
  if (reached.certain.length === 0)
    find(work, "interface-unknown", change, `${attribute} changes: ${possibleWords(reached)}`);
}

/** The resource as what moves groups. */
function unreadCarrier(resource: TerraformResource, subject: string): UnreadCarrier {
  const { type, spot, values } = resource;
  const texts = (keys: readonly string[]): string[] =>
    keys.flatMap((key) => {
      const value = memberOf(values, key);
      return (Array.isArray(value) ? value : [value]).filter((each) => typeof each === "string");
    });
  return {
    type,
    subject,
    at: placeOfSpot(spot),
    spot,
    names: texts(["id", "name", "domain_name"]),
    interfaceIds: texts([
      "network_interface_id",
      "network_interface_ids",
      "primary_network_interface_id",
    ]),
  };
}

/** Interfaces whose resources say themselves what they carry. */
function ownInterfaces(
  context: LoadContext,
  resources: readonly TerraformResource[],
): CarrierWork["isOther"] {
  const own = new Set<string>();
  for (const resource of resources) {
    if (!CARRIER_TYPES.has(resource.type) || resource.mode !== "managed") continue;
    const ids = [carrierId(context, resource), knownText(resource, "id")];
    for (const id of ids) if (id !== undefined) own.add(id);
  }
  return ({ id, instanceId }) => own.has(id) || (instanceId !== undefined && own.has(instanceId));
}

/**
 * What a state says of carriers that are not read, over rules that hold their interfaces, and of network ACLs unless other
 * documents tell them.
 */
export function stateOverlay(
  context: LoadContext,
  resources: readonly TerraformResource[],
  rules: RuleSet,
  tellsAcls: boolean,
): Overlay {
  const overlay = newOverlay();
  const work: CarrierWork = { context, overlay, rules, isOther: ownInterfaces(context, resources) };
  for (const resource of resources) {
    if (resource.mode !== "managed" || !isUnreadCarrier(resource)) continue;
    const { address: subject, spot } = resource;
    const reached = settleGroups(work, unreadCarrier(resource, subject), groupLists(resource));
    if (reached.possible.length > 0)
      overlay.findings.push({
        code: "interface-unknown",
        subject,
        message: `it may carry other groups than the rules tell: ${possibleWords(reached)}`,
        at: placeOfSpot(spot),
      });
  }
  if (!tellsAcls) leaveStateAclsOpen(context, overlay, resources, rules);
  return overlay;
}

function takeAssociation(work: PlanWork, carrierWork: CarrierWork, change: ResourceChange): void {
  for (const resource of [change.before, change.after]) {
    if (resource === undefined) continue;
    const endpointId = endOf(work, resource, "vpc_endpoint_id");
    // An endpoint that is yet to be made has no interface in a log.
    if (endpointId === undefined) continue;
    associate(work, carrierWork, change, resource, endpointOf(work, change, resource, endpointId));
  }
}

function endpointOf(
  { plan }: PlanWork,
  change: ResourceChange,
  { spot }: TerraformResource,
  endpointId: string,
): UnreadCarrier {
  const known = plan.prior.find(
    (each) => each.type === "aws_vpc_endpoint" && knownText(each, "id") === endpointId,
  );
  const told = known && unreadCarrier(known, change.address).interfaceIds;
  return {
    type: "aws_vpc_endpoint",
    subject: change.address,
    at: placeOfSpot(change.spot),
    spot,
    names: [endpointId],
    interfaceIds: told ?? [],
  };
}

function associate(
  work: PlanWork,
  carrierWork: CarrierWork,
  change: ResourceChange,
  resource: TerraformResource,
  endpoint: UnreadCarrier,
): void {
  const { context, baseline } = work;
  const attribute = "security_group_id";
  const groupId = endOf(work, resource, attribute);
  const owners = certainOwners(baseline, endpoint);
  for (const owner of owners) {
    const moved = interfaceOverlay(work, owner.id, change);
    if (resource === change.before) {
      if (groupId !== undefined) moved.detached.add(groupId);
      continue;
    }
    moved.attached.add(groupId ?? undecidedId(context, resource.spot, change.address, attribute));
    if (memberOf(resource.values, "replace_default_association") !== true) continue;
    for (const id of owner.groupIds)
      if (baseline.groups.get(id)?.name === "default") moved.detached.add(id);
  }
  if (owners.length > 0) return;
  const reached = settleGroups(carrierWork, endpoint, [{ attribute, ids: undefined }]);
  tellReached(work, change, attribute, reached);
}
