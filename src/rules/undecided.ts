// Names for what a document leaves open, and the rules that stand for it.
import { printable } from "../model/printable.js";
import { UNDECIDED } from "../model/rule-set.js";
import { isOpaqueId, type LoadContext, readId } from "./load-context.js";
import type { Spot } from "./spot.js";

/** Ids have 255 characters at most. */
const LONGEST = 200;

/**
 * The id of a prefix list or group that stands for what `subject` leaves open in `attribute`: nothing describes it, so
 * what it alone could admit is unknown (semantics 3.5a, 1.2).
 */
export function undecidedId(
  context: LoadContext,
  spot: Spot,
  subject: string,
  attribute: string,
): string {
  return readId(context, `${UNDECIDED}${asId(`${subject}.${attribute}`)}`, () => spot);
}

/** Any name as an id. A name that cannot be one as it is keeps its beginning, and a mark that tells it from others. */
export function asId(name: string): string {
  if (name.length <= LONGEST && isOpaqueId(name)) return name;
  const words = printable(name).replace(/[\s/\p{Cc}\p{Cf}\p{Cs}]+/gu, "_");
  return `${words.slice(0, LONGEST)}~${fingerprint(name)}`;
}

/** FNV-1a over UTF-16 units, in hex. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
