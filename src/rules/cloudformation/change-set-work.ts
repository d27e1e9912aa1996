// What the readers of a change set share.
import type { RuleSet } from "../../model/rule-set.js";
import type { LoadContext } from "../load-context.js";
import type { ChangeSource, Overlay, PlanCode } from "../overlay.js";
import { placeOfSpot, type Spot } from "../spot.js";
import type { StackChange } from "./change-set.js";
import type { Evaluator } from "./evaluate.js";

export interface ChangeWork {
  readonly context: LoadContext;
  readonly baseline: RuleSet;
  /** All of them, each of which may bear on others. */
  readonly changes: readonly StackChange[];
  readonly overlay: Overlay;
  /** Contexts hold values, no functions: only what is known after apply is open. */
  readonly evaluator: Evaluator;
}

/** Adds something that the reader of the change set should know. */
export function find(
  { overlay }: ChangeWork,
  code: PlanCode,
  { logicalId, spot }: { readonly logicalId: string; readonly spot: Spot },
  message: string,
): void {
  overlay.findings.push({ code, subject: logicalId, message, at: placeOfSpot(spot) });
}

export function sourceOf({ logicalId, spot }: StackChange): ChangeSource {
  return { subject: logicalId, at: placeOfSpot(spot) };
}

/** Tells of a value that is known only after the change set is executed. */
export function tellOpen(
  work: ChangeWork,
  change: StackChange,
  attribute: string,
  spot: Spot,
): void {
  find(
    work,
    "known-after-apply",
    { logicalId: change.logicalId, spot },
    `${attribute} is known only after the change set is executed: what it alone could admit is unknown`,
  );
}
