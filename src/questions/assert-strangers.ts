// Interfaces of the log that show no connections: the rules do not hold them, or nothing filters them (semantics 1.2, 1.3).
import type { JudgedOpener } from "../model/opener.js";
import { isEmpty } from "./address-ranges.js";
import { type End, type Match, type ResolvedTraffic, standsAt } from "./assert-resolve.js";
import type { AssertionFinding } from "./assertion.js";
import type { PeerBook } from "./tighten-peers.js";

/** An interface of the log, with its records of status OK. */
export interface LoggedInterface {
  readonly id: string;
  readonly records: number;
}

/** A logged interface without any opener. */
export interface Stranger extends LoggedInterface {
  readonly inRuleSet: boolean;
}

/** Picks the interfaces that no opener is of. Cost: openers + interfaces. */
export function strangersOf(
  book: PeerBook,
  openers: Iterable<JudgedOpener>,
  interfaces: readonly LoggedInterface[],
): readonly Stranger[] {
  const left = new Map(interfaces.filter((i) => i.records > 0).map((i) => [i.id, i]));
  if (left.size > 0) for (const { interfaceId } of openers) left.delete(interfaceId);
  const { interfaces: known, attach } = book.ruleSet;
  return [...left.values()].map(({ id, records }) => ({
    id,
    records,
    inRuleSet: known.has(id) || attach.length > 0,
  }));
}

/** Where all of the other end is named, its own rules and records tell of traffic with what the rules do not hold. */
function mayMean(book: PeerBook, near: End, far: End, { id, inRuleSet }: Stranger): boolean {
  const isNamed = !far.in.any && isEmpty(far.in.blocks);
  return (inRuleSet || !isNamed) && isAt(standsAt(book, near, id));
}

function isAt(match: Match): boolean {
  return match !== "no";
}

/** Interfaces that may have had the traffic, unseen. */
export function strangersAt(
  book: PeerBook,
  { from, to }: ResolvedTraffic,
  strangers: readonly Stranger[],
): AssertionFinding[] {
  return strangers
    .filter((s) => mayMean(book, to, from, s) || mayMean(book, from, to, s))
    .map(({ id, records, inRuleSet }) => ({
      verdict: "undecided",
      message: `${id} may be meant: none of its ${records} records is of a connection that rules decide${inRuleSet ? "" : ", for they do not hold it"}`,
      at: null,
      ruleId: null,
      connections: 0,
      samples: [],
    }));
}
