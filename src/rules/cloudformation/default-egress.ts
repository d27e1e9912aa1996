import type { LoadContext } from "../load-context.js";
import { blockPeer, draftRule, type RuleDraft } from "../rule-draft.js";
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
