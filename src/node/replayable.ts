import { FlowError } from "../errors.js";

/** More than any look at the head of a log reads. */
const HELD_BYTES = 4 << 20;

/**
 * Makes a source that can be read once (stdin, a pipe) openable again after a look at its head: a later opening begins
 * with the chunks that the earlier one took. Memory: the head alone; an opening after more than that was read throws
 * `input-read-twice`.
 */
export function replayable(
  name: string,
  start: () => AsyncGenerator<Uint8Array>,
): () => AsyncGenerator<Uint8Array> {
  const held: Uint8Array[] = [];
  let heldBytes = 0;
  let source: AsyncGenerator<Uint8Array> | undefined;
  return async function* open(): AsyncGenerator<Uint8Array> {
    if (heldBytes > HELD_BYTES)
      throw new FlowError("input-read-twice", "the input can be read only once", {
        at: name,
        hint: "save it as a file first",
      });
    source ??= start();
    yield* held;
    // Not `for await`: that would close the source when the look at the head is over.
    for (let next = await source.next(); next.done !== true; next = await source.next()) {
      heldBytes += next.value.length;
      if (heldBytes <= HELD_BYTES) held.push(next.value);
      else held.length = 0;
      yield next.value;
    }
  };
}
