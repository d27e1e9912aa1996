// The same rule, entry or attachment under two addresses, as where resources move into a module without a `moved` block:
// Terraform takes the one away and makes the other in no order.
import type { ResourceChange } from "./plan.js";
import { find, type PlanWork } from "./plan-work.js";

/** What changes took away and brought, by what it is: the first change of each. */
export interface Moves {
  readonly gone: Map<string, ResourceChange>;
  readonly come: Map<string, ResourceChange>;
}

export function newMoves(): Moves {
  return { gone: new Map(), come: new Map() };
}

/** `what` names it to the reader, the same way whichever resource it is of. */
export function noteGone({ moves }: PlanWork, change: ResourceChange, what: string): void {
  if (!moves.gone.has(what)) moves.gone.set(what, change);
}

export function noteCome({ moves }: PlanWork, change: ResourceChange, what: string): void {
  if (!moves.come.has(what)) moves.come.set(what, change);
}

/** Tells what goes from one address and comes at another; what is made anew at its own is told with it. */
export function tellMoved(work: PlanWork): void {
  for (const [what, change] of work.moves.come) {
    const gone = work.moves.gone.get(what);
    if (gone === undefined || gone.address === change.address) continue;
    find(
      work,
      "replace-clash",
      change,
      `${what} goes from ${gone.address} and comes here, in no order: made first, AWS refuses it or it goes with the ` +
        "old one; made last, nothing has it in between. A moved block keeps it",
    );
  }
}
