// Network ACLs that a plan changes.
import type { RuleSet } from "../../model/rule-set.js";
import { type JsonValue, memberOf } from "../json-reader.js";
import type { LoadContext } from "../load-context.js";
import { type ChangedAcls, leaveAclsOpen, openAclWords, unreadAclWords } from "../open-acls.js";
import type { Overlay } from "../overlay.js";
import { placeOfSpot } from "../spot.js";
import { isOpen } from "./part.js";
import type { ResourceChange } from "./plan.js";
import { find, type PlanWork } from "./plan-work.js";
import type { TerraformResource } from "./resource.js";

/** Types, and of each what of it is about traffic; of the others all of it is. */
const ACL_TYPES: ReadonlyMap<string, readonly string[] | undefined> = new Map([
  ["aws_network_acl", ["ingress", "egress", "subnet_ids"]],
  ["aws_default_network_acl", ["ingress", "egress", "subnet_ids"]],
  ["aws_network_acl_rule", undefined],
  ["aws_network_acl_association", undefined],
]);

export function isAcl({ type }: TerraformResource): boolean {
  return ACL_TYPES.has(type);
}

/** Leaves open what the subnets of changed lists let through; the rest of the plan is not read here. */
export function takeAcls(work: PlanWork): void {
  const { context, overlay, baseline, plan } = work;
  if (baseline.acls.size === 0) return;
  for (const change of plan.changes) {
    const { type, action, address: subject, spot } = change;
    if (!ACL_TYPES.has(type) || action === "none" || action === "forget" || !isAbout(change))
      continue;
    const source = { subject, at: placeOfSpot(spot), spot };
    const parts = [change.before, change.after].filter((part) => part !== undefined);
    const count = leaveAclsOpen(context, overlay, baseline, source, changedAcls(parts));
    if (count > 0) find(work, "plan-partial", change, openAclWords(count));
  }
}

function isAbout({ type, action, before, after }: ResourceChange): boolean {
  const keys = ACL_TYPES.get(type);
  if (keys === undefined || action !== "update" || before === undefined || after === undefined)
    return true;
  return keys.some(
    (key) =>
      isOpen(after, key) ||
      JSON.stringify(memberOf(before.values, key)) !== JSON.stringify(memberOf(after.values, key)),
  );
}

/**
 * Leaves open what the subnets of a state's lists let through: it tells what the lists should be, and may be another one
 * than AWS's.
 */
export function leaveStateAclsOpen(
  context: LoadContext,
  overlay: Overlay,
  resources: readonly TerraformResource[],
  rules: RuleSet,
): void {
  const acls = resources.filter((resource) => resource.mode === "managed" && isAcl(resource));
  const [first] = acls;
  if (first === undefined) return;
  const { address: subject, spot } = first;
  const source = { subject, at: placeOfSpot(spot), spot };
  const count = leaveAclsOpen(context, overlay, rules, source, changedAcls(acls));
  if (count > 0)
    overlay.findings.push({
      code: "plan-partial",
      subject,
      message: unreadAclWords(count),
      at: source.at,
    });
}

function changedAcls(parts: readonly TerraformResource[]): ChangedAcls {
  const aclKeys = ({ type }: TerraformResource): readonly string[] =>
    type.endsWith("_acl") ? ["id", "default_network_acl_id"] : ["network_acl_id"];
  return {
    aclIds: parts.flatMap((part) => aclKeys(part).flatMap((key) => texts(part, key))),
    subnetIds: parts.flatMap((part) => [...texts(part, "subnet_id"), ...texts(part, "subnet_ids")]),
    // One open subnet is yet to be made; among several may be those that are there.
    isAll: parts.some((part) => isOpen(part, "subnet_ids")),
  };
}

function texts({ values }: TerraformResource, key: string): readonly string[] {
  const value: JsonValue | undefined = memberOf(values, key);
  return (Array.isArray(value) ? value : [value]).filter((each) => typeof each === "string");
}
