import * as image from "../contract.js";
import type { NetworkInterface, RuleSet } from "../model/rule-set.js";
import { checkSeconds, type InterfaceFacts } from "./interface-facts.js";
import type { PolicyPair } from "./policies.js";
import { isTrackedAutomatically } from "./tracked-automatically.js";
import { Words } from "./words.js";

/** What one rule set says of its interfaces. */
export interface InterfaceRules {
  policiesOf(owner: NetworkInterface): PolicyPair;
  aclsOf(owner: NetworkInterface): PolicyPair;
  /** Of interfaces that the rule set does not hold (1.2); {0, 0} = it says nothing of them. */
  readonly attached: PolicyPair;
  /** Indices that carry an NLB group some rule refers to (3.5d). */
  readonly evidence: ReadonlySet<number>;
}

const ROW_WORDS = image.IMAGE_INTERFACE_BYTES / 4;
const MAX_U32 = 0xffffffff;

/** Interface rows of one image: the facts, and what this rule set says. O(interfaces of all rule sets). */
export function writeInterfaces(
  facts: InterfaceFacts,
  ruleSet: RuleSet,
  rules: InterfaceRules,
): Words {
  const rows = new Words(Math.max(1, facts.rows.length));
  rows.pushAll(facts.rows.view());
  facts.ids.forEach((id, index) => {
    const owner = ruleSet.interfaces.get(id);
    const row = index * ROW_WORDS;
    const put = (field: number, value: number): void => rows.set(row + field / 4, value);
    if (owner === undefined) {
      const { ingress, egress } = rules.attached;
      if (ingress + egress === 0) return;
      const known = image.IMAGE_FLAG_KNOWN | image.IMAGE_FLAG_HAS_GROUPS;
      put(image.IMAGE_INTERFACE_FLAGS, rows.get(row + image.IMAGE_INTERFACE_FLAGS / 4) | known);
      put(image.IMAGE_INTERFACE_INGRESS, ingress);
      put(image.IMAGE_INTERFACE_EGRESS, egress);
      return;
    }
    checkSeconds(owner, "attach time", owner.attachedAt ?? 0, MAX_U32);
    const { ingress, egress } = rules.policiesOf(owner);
    const acls = rules.aclsOf(owner);
    let flags = rows.get(row + image.IMAGE_INTERFACE_FLAGS / 4) | image.IMAGE_FLAG_KNOWN;
    if (owner.groupIds.length > 0) flags |= image.IMAGE_FLAG_HAS_GROUPS;
    if (isTrackedAutomatically(owner)) flags |= image.IMAGE_FLAG_AUTOMATIC;
    if (rules.evidence.has(index)) flags |= image.IMAGE_FLAG_NLB_EVIDENCE;
    put(image.IMAGE_INTERFACE_FLAGS, flags);
    put(image.IMAGE_INTERFACE_INGRESS, ingress);
    put(image.IMAGE_INTERFACE_EGRESS, egress);
    put(image.IMAGE_INTERFACE_ACL_INGRESS, acls.ingress);
    put(image.IMAGE_INTERFACE_ACL_EGRESS, acls.egress);
  });
  return rows;
}
