// How lines begin that are more than a record, or none.

/** ISO time that CloudWatch exports put in front of a line. */
export function isTimePrefix(ptr: usize, end: usize): bool {
  // 2024-12-14T16:25:12.000Z
  if (end - ptr < 13 || load<u8>(end - 1) != 90) return false;
  if (load<u8>(ptr + 4) != 45 || load<u8>(ptr + 7) != 45 || load<u8>(ptr + 10) != 84) return false;
  for (let i: usize = 0; i < 10; i++) {
    if (i == 4 || i == 7) continue;
    if (<u32>load<u8>(ptr + i) - 48 > 9) return false;
  }
  for (let p = ptr + 11; p < end - 1; p++) {
    const c = <u32>load<u8>(p);
    if (c - 48 > 9 && c != 58 && c != 46) return false;
  }
  return true;
}

/** Whether a line that is no record looks like one that names fields: three tokens at least, each beginning with a letter. */
export function looksLikeHeader(ptr: usize, end: usize): bool {
  let names: u32 = 0;
  let p = ptr;
  let inToken = false;
  while (p < end) {
    const c = <u32>load<u8>(p);
    if (c <= 0x20) {
      inToken = false;
    } else if (!inToken) {
      if ((c | 32) - 97 > 25 && c != 36) return false; // a letter, or $ of ${name}
      inToken = true;
      names++;
    }
    p++;
  }
  return names >= 3;
}
