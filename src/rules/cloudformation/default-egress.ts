import type { Group } from "../../model/rule-set.js";
import type { LoadContext } from "../load-context.js";
import type { GroupOverlay } from "../overlay.js";
import { blockPeer, draftRule, type RuleDraft } from "../rule-draft.js";
import { ruleKey } from "../rule-key.js";
import type { Spot } from "../spot.js";
import { anyTraffic } from "../traffic.js";

/** The rules that AWS adds to a new group for which nobody says what may go out (semantics 3.9). */
export function defaultEgress(context: LoadContext, spot: Spot, offset: number): RuleDraft[] {
  return ([4, 6] as const).map((family) => {
    const peer = blockPeer(context, family === 4 ? "0.0.0.0/0" : "::/0", family, () => spot);
    return draftRule("egress", anyTraffic(), peer, {
      stale: undefined,
      description: undefined,
      offset,
      spot,
    });
  });
}

/** Whether the group has AWS's open egress, or rules like it. */
export function hasOpenEgress(group: Group | undefined): boolean {
  return (group?.rules ?? []).some(
    ({ direction, protocol, peer }) =>
      direction === "egress" && protocol === -1 && peer.kind === "cidr" && peer.cidr.length === 0,
  );
}

/**
 * Leaves open what goes out of a group by AWS's open egress: CloudFormation takes it away with the first rule that it
 * adds, though nothing tells so, and nobody says whether it comes back. `open`: the rule that stands for it.
 */
export function leaveEgressOpen(
  context: LoadContext,
  change: GroupOverlay,
  group: Group | undefined,
  open: RuleDraft,
): void {
  const known = new Set(group?.rules.map(ruleKey));
  for (const rule of defaultEgress(context, open.spot, 0))
    if (known.has(rule.key) && !change.added.has(rule.key)) change.removed.set(rule.key, rule);
  change.added.set(open.key, { rule: open, ruleId: undefined });
}
