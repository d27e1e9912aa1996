// A suggestion in sentences.

import type { LeftOut, Suggestion, UntouchedReason } from "../questions/index.js";
import { LEFT_OUT } from "../questions/index.js";
import { counted, duration, grouped, timestamp } from "./quantity.js";
import type { HeldOutTrial, TightenAnswer } from "./tighten-answer.js";
import { gradesText } from "./tuple-text.js";

const LEFT_OUT_WORDS: Readonly<Record<LeftOut, string>> = {
  rejected: "AWS rejected",
  scanner: "of peers that only ever sent rejected openers",
  grade: "of weaker evidence or unknown opener",
  denied: "the present rules deny",
  undecided: "of unknown verdict",
  "other-groups": "only other groups admit",
};

const UNTOUCHED_WORDS: Readonly<Record<UntouchedReason, string>> = {
  "not-asked": "only the other direction was asked for",
  "no-openings": "the log has no opening to learn from",
  classic: "an EC2-Classic group lets everything out",
};

function connectionsOf({ training }: Suggestion): number {
  return Object.values(training.grades).reduce((sum, count) => sum + count, 0);
}

/** `sg-web (web): 14 rules become 6, which admit all 1,234 connections they were learnt from.` */
export function suggestionSentence({ suggestion, present }: TightenAnswer): string {
  const { groupId, group, rules } = suggestion;
  const name = group.name === undefined ? groupId : `${groupId} (${group.name})`;
  const learnt = connectionsOf(suggestion);
  if (learnt === 0)
    return `${name}: no connection of the log teaches anything; its ${counted(present, "rule")} stay as they are.`;
  return `${name}: ${counted(present, "rule")} ${present === 1 ? "becomes" : "become"} ${grouped(rules.length)}, which admit all ${counted(learnt, "connection")} they were learnt from, and nothing that the present rules do not. Nothing is applied.`;
}

/** What the suggestion does to connections it was not learnt from. */
export function trialSentence({ split, heldOut }: HeldOutTrial): string {
  const { connections, broken } = heldOut;
  const where = split.by === "connections" ? "in" : "of openers first seen in";
  const part = `${where} the ${duration(split.end - split.cut)} held out (from ${timestamp(split.cut)} on)`;
  // What AWS rejected, scanners and unknown openers are the diff's to tell.
  if (connections === 0)
    return `The group's rules admit no connection of known opener that AWS let through ${part}: the suggestion is tried on none; what else it changes stands in the diff.`;
  const would = broken === 0 ? "none" : grouped(broken);
  return `Of ${counted(connections, "connection")} that the group's rules admit ${part}, the suggestion would have denied ${would}.`;
}

/** Said instead where there was no trial. */
export function untriedSentence({ summary }: TightenAnswer): string {
  const why = summary.partial ? "The suggestion was not tried" : "Nothing was held out";
  return `${why}: what it would break is not known.`;
}

/** Connections of the training rows may begin before what is learnt from, and end after the cut. */
function trainedSpan({ suggestion, trial }: TightenAnswer): string {
  const { first, last } = suggestion.training;
  if (first === null || last === null) return "";
  const from = Math.max(first, trial?.split.trainFrom ?? first);
  const to = Math.min(last, trial?.split.cut ?? last);
  return `, over ${duration(to - from)}`;
}

/** Over how many interfaces and how long, and by which evidence, it was learnt. */
export function trainingSentence(answer: TightenAnswer): string {
  const { suggestion } = answer;
  const { training, minGrade } = suggestion;
  const { interfaces } = training;
  const span = trainedSpan(answer);
  const grades = gradesText(training.grades);
  return (
    `Learnt from ${counted(connectionsOf(suggestion), "connection")}${grades === "" ? "" : ` (opener ${grades}; ${minGrade} or better)`} ` +
    `at ${grouped(interfaces.seen)} of ${counted(interfaces.carrying, "interface")} that ${interfaces.carrying === 1 ? "carries" : "carry"} the group${span}.`
  );
}

/** Connections that taught nothing, by reason; nothing where there are none. */
export function leftOutSentences({ training }: Suggestion): string[] {
  const parts = LEFT_OUT.filter((why) => training.leftOut[why] > 0).map(
    (why) => `${grouped(training.leftOut[why])} ${LEFT_OUT_WORDS[why]}`,
  );
  return parts.length === 0 ? [] : [`Not learnt from: ${parts.join(", ")}.`];
}

/** Directions that stay as they are. */
export function untouchedSentences({ untouched }: Suggestion): string[] {
  return untouched.map(
    ({ direction, why }) => `${direction} stays as it is: ${UNTOUCHED_WORDS[why]}.`,
  );
}
