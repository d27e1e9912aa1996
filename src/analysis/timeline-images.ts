import type { CorePeriod } from "../core/core.js";
import { FlowError } from "../errors.js";
import type { RuleSet } from "../model/rule-set.js";
import type { Timeline } from "../model/timeline.js";

/** Times of records are 32-bit seconds. */
const MAX_SECONDS = 0xffffffff;

/** Timelines as the core takes them: every rule set once, in order of first mention. */
export interface TimelineImages {
  readonly ruleSets: readonly RuleSet[];
  readonly timelines: readonly (readonly CorePeriod[])[];
}

/**
 * Numbers the rule sets of the timelines; one that several name is compiled once. The first period of the first timeline
 * is image 0, which holds the facts about interfaces. Throws `timeline-invalid` where periods are not in order of time, or
 * a later one holds from what is no second that a record can have.
 */
export function timelineImages(timelines: readonly Timeline[]): TimelineImages {
  const ruleSets: RuleSet[] = [];
  const numbers = new Map<RuleSet, number>();
  const imageOf = (ruleSet: RuleSet): number => {
    let number = numbers.get(ruleSet);
    if (number === undefined) {
      number = ruleSets.push(ruleSet) - 1;
      numbers.set(ruleSet, number);
    }
    return number;
  };
  const periods = timelines.map((timeline) => {
    timeline.periods.forEach(({ from }, i) => {
      if (i > 0 && from <= timeline.periods[i - 1]!.from)
        throw new FlowError("timeline-invalid", `two rule sets hold from the same second ${from}`, {
          at: timeline.name,
          hint: "give each a later time than the one before",
        });
      if (i > 0 && (!Number.isInteger(from) || from > MAX_SECONDS))
        throw new FlowError(
          "timeline-invalid",
          `a rule set holds from ${from}, which is no second`,
          {
            at: timeline.name,
            hint: `give whole Unix seconds, ${MAX_SECONDS} at most`,
          },
        );
    });
    return timeline.periods.map(({ from, ruleSet }) => ({ from, image: imageOf(ruleSet) }));
  });
  return { ruleSets, timelines: periods };
}

/** The candidate's timeline with a cut-over: the baseline's periods before T, the candidate from T on (semantics 6.5). */
export function cutOver(baseline: Timeline, candidate: Timeline, at: number): Timeline {
  const before = baseline.periods.filter((period, i) => i === 0 || period.from < at);
  const later = candidate.periods.filter((period) => period.from > at);
  const then = candidate.periods.findLast((period) => period.from <= at) ?? candidate.periods[0]!;
  return { name: candidate.name, periods: [...before, { ...then, from: at }, ...later] };
}

/** What follows a cut-over, as if it had held all the time: the timeline without its periods before T (semantics 9.3). */
export function fromCutOver({ name, periods }: Timeline, at: number): Timeline {
  const later = periods.filter(({ from }) => from >= at);
  return { name, periods: later.length === 0 ? periods.slice(-1) : later };
}
