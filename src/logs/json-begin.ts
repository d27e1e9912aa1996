// How text begins that is JSON with lines in it.

/** Blanks that are looked through for the first bracket. */
const MAX_BLANKS = 65_536;

function isBlank(byte: number): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9;
}

/**
 * Whether text begins as JSON with lines in it does: a list or an object, and in it what may stand there. `undefined` = that
 * takes more of it.
 */
export function looksLikeJson(head: Uint8Array): boolean | undefined {
  let open: number | undefined;
  if (head[0] === 0xef && head.length < 3) return undefined;
  const from = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  for (let at = from; at < Math.min(head.length, MAX_BLANKS); at++) {
    const byte = head[at]!;
    if (isBlank(byte)) continue;
    const character = String.fromCharCode(byte);
    if (open !== undefined) return (open === 0x7b ? '"}' : '{["]').includes(character);
    if (character !== "{" && character !== "[") return false;
    open = byte;
  }
  return head.length < MAX_BLANKS ? undefined : false;
}
