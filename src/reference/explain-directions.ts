import type { Direction } from "../model/verdict.js";
import { opposite } from "./flow.js";
import { forwardDirection } from "./judge.js";
import type { Finding } from "./judge-log.js";

/** The readings a verdict rests on: a late record is asked of its own direction first (semantics 6.3, 6.4). */
export function readingDirections(finding: Finding): readonly Direction[] {
  const { membership } = finding;
  if (membership === undefined) return [];
  const { flow, afterClose, lostEntry } = membership;
  const openings = openingDirections(finding);
  if (openings.length === 2 || afterClose || lostEntry)
    return [...new Set([flow.direction, ...openings])];
  return openings;
}

/** How the connection may have been opened: both ways where nobody knows, the record's own first. */
export function openingDirections({ membership }: Finding): readonly Direction[] {
  if (membership === undefined) return [];
  const { opener } = membership.connection.finding;
  const { direction } = membership.flow;
  return opener === "unknown" ? [direction, opposite(direction)] : [forwardDirection(opener)];
}

/** The opening first, then the answers. */
export function aclDirections(finding: Finding): readonly Direction[] {
  const [first] = openingDirections(finding);
  return first === undefined ? [] : [first, opposite(first)];
}
