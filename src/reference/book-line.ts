import type { RuleSet } from "../model/rule-set.js";
import type { Timeline } from "../model/timeline.js";
import type { RuleBook } from "./rule-book.js";

/** A timeline whose rule sets are ready to be asked (semantics 6.5). */
export interface BookLine {
  readonly name: string;
  /** In order of time. */
  readonly periods: readonly { readonly from: number; readonly book: RuleBook }[];
}

/** Throws where a timeline has no period, or its periods are not in order of time: the caller's fault. */
export function bookLine(timeline: Timeline, books: ReadonlyMap<RuleSet, RuleBook>): BookLine {
  const periods = timeline.periods.map(({ from, ruleSet }, index) => {
    const book = books.get(ruleSet);
    const before = timeline.periods[index - 1];
    if (book === undefined || (before !== undefined && before.from > from))
      throw new Error(`the periods of timeline "${timeline.name}" are not in order of time`);
    return { from, book };
  });
  if (periods.length === 0) throw new Error(`timeline "${timeline.name}" has no period`);
  return { name: timeline.name, periods };
}

/** The book that holds at a time: of the last period that has begun; the first holds from the beginning of time. */
export function bookAt(line: BookLine, time: number): RuleBook {
  const begun = line.periods.filter(({ from }, index) => index === 0 || from <= time);
  const { book } = begun.at(-1) ?? {};
  if (book === undefined) throw new Error(`timeline "${line.name}" has no period`);
  return book;
}
