import type { ProvedPlan } from "../../report/removal-json.js";
import { EXIT_INPUT, EXIT_INTERRUPTED } from "../exit-code.js";

/** Why a plan is not proved, and the exit code that says so. */
export interface PlanDoubt {
  readonly text: string;
  readonly exitCode: number;
}

/** Nothing where the plan is proved, or has nothing to prove. */
export function planDoubt({ plan, proof }: ProvedPlan): PlanDoubt | undefined {
  if (plan.removed.length === 0) return undefined;
  if (proof === null)
    return { text: "interrupted before the plan was proved", exitCode: EXIT_INTERRUPTED };
  const { connections, records } = proof;
  const isOther = [connections, records].some((c) => c["newly-denied"] + c.undetermined > 0);
  if (!isOther) return undefined;
  return { text: "the plan is not proved: it was not written", exitCode: EXIT_INPUT };
}
