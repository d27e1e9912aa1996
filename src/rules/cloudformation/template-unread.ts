// Groups that a template gives to what has its interfaces from AWS, over rules that hold those interfaces.
import type { RuleSet } from "../../model/rule-set.js";
import { leaveAclsOpen, unreadAclWords } from "../open-acls.js";
import { newOverlay, type Overlay } from "../overlay.js";
import { placeOfSpot } from "../spot.js";
import {
  type CarrierWork,
  type GroupList,
  possibleWords,
  settleGroups,
} from "../unread-carriers.js";
import { ACL_TYPES } from "./change-set.js";
import { textOf } from "./evaluate.js";
import { groupLists } from "./group-lists.js";
import { BALANCER, INSTANCE, INTERFACE } from "./resource-types.js";
import { groupIdOf, isRead, type OpenedTemplate, type TemplateResource } from "./template.js";

const ACL = "AWS::EC2::NetworkAcl";

/** Read types whose interfaces are told only where the stack's ids are. */
const UNTOLD: ReadonlySet<string> = new Set([INTERFACE, INSTANCE, BALANCER]);

/**
 * What the template says of carriers that are not read, laid over the rules, and of network ACLs unless other documents
 * tell them. O(resources * interfaces).
 */
export function unreadOverlay(opened: OpenedTemplate, rules: RuleSet, tellsAcls: boolean): Overlay {
  const { context, facts, resources, evaluator } = opened;
  const overlay = newOverlay();
  const isStackTold = resources.some(({ logicalId }) => physicalIds(logicalId).length > 0);
  const own = new Set(
    resources.filter(({ type }) => isRead(type)).flatMap(({ logicalId }) => physicalIds(logicalId)),
  );
  const work: CarrierWork = {
    context,
    overlay,
    rules,
    isOther: ({ id, instanceId }) =>
      own.has(id) || (instanceId !== undefined && own.has(instanceId)),
  };
  for (const resource of resources) {
    const { logicalId, type, properties, exists } = resource;
    if (!mayBeThere(resource)) continue;
    const lists = groupLists(evaluator, properties, (item) => groupIdOf(opened, item));
    if (lists.length === 0 && !UNTOLD.has(type)) continue;
    const open: GroupList = { attribute: "Condition", ids: undefined };
    const { spot } = properties;
    const at = placeOfSpot(spot);
    const names = namesOf(resource);
    if (names === undefined) continue;
    const carrier = { type, subject: logicalId, at, spot, names, interfaceIds: [] };
    const reached = settleGroups(work, carrier, exists === undefined ? [...lists, open] : lists);
    if (reached.possible.length > 0)
      overlay.findings.push({
        code: "interface-unknown",
        subject: logicalId,
        message: `this ${type} may carry other groups than the rules tell: ${possibleWords(reached)}`,
        at,
      });
  }
  if (!tellsAcls) leaveListsOpen();
  return overlay;

  /** Lists that the template holds may be others than AWS's; without the stack's ids nothing tells which they are. */
  function leaveListsOpen(): void {
    const lists = resources.filter(({ type }) => ACL_TYPES.has(type));
    const [first] = lists;
    if (first === undefined) return;
    const told = lists.map(({ type, logicalId, properties }) => {
      const named = (key: string): string[] => {
        const id = textOf(evaluator.member(properties, key));
        return id === undefined ? [] : [id];
      };
      const own = type === ACL ? physicalIds(logicalId) : [];
      return { aclIds: [...own, ...named("NetworkAclId")], subnetIds: named("SubnetId") };
    });
    const source = {
      subject: first.logicalId,
      at: placeOfSpot(first.node.spot),
      spot: first.node.spot,
    };
    const count = leaveAclsOpen(context, overlay, rules, source, {
      aclIds: told.flatMap(({ aclIds }) => aclIds),
      subnetIds: told.flatMap(({ subnetIds }) => subnetIds),
      isAll:
        !isStackTold &&
        told.some(({ aclIds, subnetIds }) => aclIds.length === 0 && subnetIds.length === 0),
    });
    if (count > 0)
      overlay.findings.push({
        code: "plan-partial",
        subject: source.subject,
        message: unreadAclWords(count),
        at: source.at,
      });
  }

  function physicalIds(logicalId: string): readonly string[] {
    return [...(facts.physicalIds.get(logicalId) ?? [])];
  }

  /** By id where the stack tells it; a load balancer by its name, which none has that is yet to be made. */
  function namesOf(resource: TemplateResource): readonly string[] | undefined {
    const { type, logicalId, properties } = resource;
    const name = textOf(evaluator.member(properties, "Name"));
    if (type !== BALANCER || name === undefined) return physicalIds(logicalId);
    const found = [...rules.interfaces.values()].flatMap(({ balancer }) =>
      balancer?.split("/")[1] === name ? [balancer] : [],
    );
    return found.length === 0 ? undefined : found;
  }

  /** Whether interfaces of the rules may be its own, and nothing tells which. */
  function mayBeThere({ type, logicalId }: TemplateResource): boolean {
    const isTold = physicalIds(logicalId).length > 0;
    if (isRead(type) && (isTold || !UNTOLD.has(type))) return false;
    // The stack that is told does not have it yet: it has no interface in a log.
    return isTold || !isStackTold;
  }
}
