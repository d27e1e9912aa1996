// The input columns of one batch (layout.ts, COL_*). Owned by the core.

import { reserve } from "../memory/arena";
import { COLUMNS_BYTES } from "../shared/layout";

export let columns: usize = 0;

export function columnsInit(): bool {
  columns = reserve(COLUMNS_BYTES);
  return columns != 0;
}
