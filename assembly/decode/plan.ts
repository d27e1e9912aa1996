// Field plans: which typed field stands at which token of a line. The host writes them, one per distinct format.

import { reserve } from "../memory/arena";
import { EMIT_MAX_COLUMNS, MAX_FIELDS } from "../shared/layout";

// [count u32][-][FIELD_* u8 x MAX_FIELDS][token number u16 per output column x EMIT_MAX_COLUMNS]
const PLAN_COLUMNS: usize = 8 + MAX_FIELDS;
const PLAN_BYTES: usize = PLAN_COLUMNS + 2 * EMIT_MAX_COLUMNS;

/** New plan for `count` tokens; the host writes the FIELD_* bytes at planFields(plan). 0 = out of memory. */
export function planCreate(count: u32): usize {
  const plan = reserve(PLAN_BYTES);
  if (plan == 0) return 0;
  store<u32>(plan, count);
  return plan;
}

export function planFields(plan: usize): usize {
  return plan + 8;
}

export function planCount(plan: usize): u32 {
  return load<u32>(plan);
}

/** u16 per output column: which token holds it, COLUMN_ABSENT = none. Written by the host where records are wanted. */
export function planColumns(plan: usize): usize {
  return plan + PLAN_COLUMNS;
}
