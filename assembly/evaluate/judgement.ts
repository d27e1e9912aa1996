// What the bits of a connection's judgement say (layout.ts, JB_*).

import * as L from "../shared/layout";

/** Image that the judgement rests on. */
export function imageOfJudgement(bits: u32): u32 {
  return (bits >> L.JB_IMAGE_SHIFT) & 63;
}

/** Image whose ACLs the judgement asked. */
export function nowOfJudgement(bits: u32): u32 {
  return (bits >> L.JB_NOW_SHIFT) & 63;
}

/** Whether it stands for a connection opened by side `by` - 1, whatever more its records show. `by` 0: it never does. */
export function standsFor(bits: u32, by: u32): bool {
  return by != 0 && ((bits >> L.JB_SIDE_SHIFT) & 3) == by && !(bits & L.JB_CONDITIONAL);
}
