// Answers of which the last page is missing: what stands on it is undecided, never empty.
import type { NetworkAcl } from "../model/rule-set.js";
import type { Direction } from "../model/verdict.js";
import type { Collected } from "./collect.js";
import type { DocumentKind } from "./document.js";
import { addRule } from "./group-draft.js";
import { type LoadContext, warn } from "./load-context.js";
import type { Page } from "./recognise.js";
import { draftRule, type RuleDraft } from "./rule-draft.js";
import type { Spot } from "./spot.js";
import { anyTraffic } from "./traffic.js";
import { undecidedId } from "./undecided.js";

const DIRECTIONS: readonly Direction[] = ["ingress", "egress"];

/** By kind: where an answer is cut (NextToken), and whether some page of the kind is a last one. */
export type PageEnds = Map<DocumentKind, { cut: Spot | undefined; hasLast: boolean }>;

export function notePage(ends: PageEnds, { kind, cut, spot }: Page): void {
  const known = ends.get(kind) ?? { cut: undefined, hasLast: false };
  ends.set(kind, {
    cut: known.cut ?? (cut ? spot : undefined),
    hasLast: known.hasLast || !cut,
  });
}

/** Where answers of the kind are cut, if no page of them is the last one. */
function cutAt({ pageEnds }: Collected, kind: DocumentKind): Spot | undefined {
  const ends = pageEnds.get(kind);
  return ends?.hasLast === false ? ends.cut : undefined;
}

/** Rules that admit whatever nobody tells: what a group has beside what is known of it. */
export function undecidedRules(
  context: LoadContext,
  spot: Spot,
  groupId: string,
  offset: number,
): readonly RuleDraft[] {
  const id = undecidedId(context, spot, groupId, "rules");
  return DIRECTIONS.map((direction) =>
    draftRule(
      direction,
      anyTraffic(),
      { kind: "prefix-list", id },
      { stale: undefined, description: undefined, offset, spot },
    ),
  );
}

/**
 * Leaves open what missing pages may hold: rules of groups that only describe-security-group-rules tells, and which
 * subnets have a network ACL of their own.
 */
export function leaveCutOpen(context: LoadContext, from: Collected): void {
  const rulesCut = cutAt(from, "describe-security-group-rules");
  if (rulesCut !== undefined) {
    const open = [...from.groupRules.groups.values()].filter(
      ({ draft }) => !from.groups.has(draft.id),
    );
    for (const { draft } of open) {
      const offset = [...draft.rules.values()].at(-1)?.offset ?? 0;
      for (const rule of undecidedRules(context, draft.spot, draft.id, offset))
        addRule(draft.rules, rule);
    }
    if (open.length > 0)
      warn(
        context,
        rulesCut,
        "group-rules-cut",
        "the last page of describe-security-group-rules is missing: what the rules of its groups here do not admit is " +
          "unknown; fetch it without --max-items",
      );
  }
  const aclsCut = cutAt(from, "describe-network-acls");
  const defaults = [...from.acls.values()].filter(({ isDefault }) => isDefault);
  if (aclsCut === undefined || defaults.length === 0) return;
  for (const acl of defaults) {
    const named: NetworkAcl = { ...acl, isDefault: false };
    from.acls.set(acl.id, named);
  }
  warn(
    context,
    aclsCut,
    "network-acls-cut",
    "the last page of describe-network-acls is missing: subnets that no list here names may have one there, so that the " +
      "default lists are asked only for the subnets they name",
  );
}

/** Whether members of groups may be missing: then the snapshot is not complete, whoever says so. */
export function lacksInterfaces(context: LoadContext, from: Collected): boolean {
  const cut = cutAt(from, "describe-network-interfaces");
  if (cut === undefined) return false;
  warn(
    context,
    cut,
    "snapshot-not-complete",
    "the last page of describe-network-interfaces is missing: --snapshot-complete is left out",
  );
  return true;
}
