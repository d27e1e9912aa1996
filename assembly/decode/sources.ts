// Values of a column of a columnar log, as the host put them (layout.ts, SOURCE_*).

import * as L from "../shared/layout";

/** Whether the row has a value. */
export function isPresent(source: usize, row: u32): bool {
  if (load<u32>(source, L.SOURCE_KIND) == L.SOURCE_KIND_NONE) return false;
  const valid = <usize>load<u32>(source, L.SOURCE_VALID);
  return valid == 0 || load<u8>(valid + row) != 0;
}

/** A number of a column; one that is negative has its sign bit set. */
export function sourceNumber(kind: u32, values: usize, row: u32): u64 {
  if (kind == L.SOURCE_KIND_INT32) return <u64>(<i64>load<i32>(values + ((<usize>row) << 2)));
  if (kind == L.SOURCE_KIND_UINT32) return <u64>load<u32>(values + ((<usize>row) << 2));
  return load<u64>(values + ((<usize>row) << 3));
}

/** Whether a text stands for a missing value: nothing, `-`, or the `None` that Python writes. */
export function isMissing(ptr: usize, end: usize): bool {
  const bytes = end - ptr;
  if (bytes == 0) return true;
  if (bytes == 1) return load<u8>(ptr) == 45;
  return bytes == 4 && load<u32>(ptr) == 0x656e6f4e;
}
