// Groups that a change set changes on interfaces which nothing gives to their resource.
import { readId } from "../load-context.js";
import { leaveAclsOpen, openAclWords } from "../open-acls.js";
import { interfaceChange } from "../overlay.js";
import { placeOfSpot } from "../spot.js";
import {
  type CarrierWork,
  certainOwners,
  movedLists,
  moveGroups,
  possibleWords,
  type UnreadCarrier,
} from "../unread-carriers.js";
import { ACL_TYPES, STACK, type UnreadChange } from "./change-set.js";
import { type ChangeWork, find } from "./change-set-work.js";
import { isNode, type Node, textOf } from "./evaluate.js";
import { groupLists } from "./group-lists.js";
import { INSTANCE, INTERFACE } from "./resource-types.js";

/** Tells of stacks inside the stack, and moves the groups of what carries some on interfaces that AWS makes for it. */
export function takeUnread(work: ChangeWork, unread: readonly UnreadChange[]): void {
  const own = new Set(
    work.changes
      .filter(({ type }) => type === INSTANCE || type === INTERFACE)
      .map(({ physicalId }) => physicalId),
  );
  const carrierWork: CarrierWork = {
    context: work.context,
    overlay: work.overlay,
    rules: work.baseline,
    isOther: ({ id, instanceId }) =>
      own.has(id) || (instanceId !== undefined && own.has(instanceId)),
  };
  for (const change of unread)
    if (change.type === STACK)
      find(
        work,
        "plan-partial",
        change,
        "what changes in the stack inside this one is told by a change set of its own: give that too",
      );
    else if (ACL_TYPES.has(change.type)) takeAcl(work, change);
    else takeCarrier(work, carrierWork, change);
}

function takeAcl(work: ChangeWork, change: UnreadChange): void {
  const { context, overlay, baseline, evaluator } = work;
  const { logicalId: subject, type, physicalId, before, after, spot } = change;
  const texts = (key: string): string[] =>
    [before, after].flatMap((node) => textOf(evaluator.member(node, key)) ?? []);
  const own = type === "AWS::EC2::NetworkAcl" && physicalId !== undefined ? [physicalId] : [];
  const aclIds = [...own, ...texts("NetworkAclId")];
  const changed = { aclIds, subnetIds: texts("SubnetId"), isAll: false };
  const source = { subject, at: placeOfSpot(spot), spot };
  const count = leaveAclsOpen(context, overlay, baseline, source, changed);
  if (count > 0) find(work, "plan-partial", change, openAclWords(count));
}

function takeCarrier(work: ChangeWork, carrierWork: CarrierWork, change: UnreadChange): void {
  const { logicalId, type, physicalId, isRemoved, spot } = change;
  const carrier: UnreadCarrier = {
    type,
    subject: logicalId,
    at: placeOfSpot(spot),
    spot,
    names: physicalId === undefined ? [] : [physicalId],
    interfaceIds: [],
  };
  const gone = isRemoved ? certainOwners(work.baseline, carrier) : [];
  for (const { id } of gone) {
    interfaceChange(work.overlay, id, carrier).isGone = true;
    find(work, "interface-gone", change, `its interface ${id} goes: its records are unknown then`);
  }
  if (gone.length > 0) return;
  for (const moved of movedLists(listsIn(work, change.before), listsIn(work, change.after))) {
    const reached = moveGroups(carrierWork, carrier, moved);
    if (reached.certain.length === 0)
      find(
        work,
        "interface-unknown",
        change,
        `${moved.attribute} of this ${type} changes: ${possibleWords(reached)}`,
      );
  }
}

function listsIn({ evaluator, context }: ChangeWork, properties: Node) {
  return groupLists(evaluator, properties, (item) => {
    const text = textOf(item);
    return text === undefined || !isNode(item) ? undefined : readId(context, text, () => item.spot);
  });
}
