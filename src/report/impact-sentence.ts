import type { Impact } from "../questions/index.js";
import { counted, grouped, timestamp } from "./quantity.js";

function connections(count: number): string {
  return counted(count, "connection");
}

/** What a cut-over does to the connections that the candidate would deny (semantics 9.3). */
function cutOverSentence({ cutOvers }: Impact, at: number): string {
  const { survives, cut, refused } = cutOvers;
  if (survives + cut + refused === 0)
    return ` At ${timestamp(at)} no connection that is allowed now would be denied.`;
  const survive = `${grouped(survives)} survive because they are tracked`;
  const end = `${grouped(cut)} end at once because they are untracked`;
  const refuse = `${grouped(refused)} are refused afterwards`;
  return ` At ${timestamp(at)}: ${survive}, ${end}, ${refuse}.`;
}

/** The answer in plain words: `Nothing that was seen would break; 12 connections would newly pass.` */
export function impactSentence(impact: Impact, at: number | null): string {
  const counts = impact.connections;
  const denied = counts["newly-denied"];
  const allowed = counts["newly-allowed"];
  const open = counts.undetermined;
  if (denied + allowed + open + counts.unchanged === 0)
    return "No connection was judged: nothing is shown about the candidate.";
  const breaks =
    denied === 0 ? "Nothing that was seen would break" : `${connections(denied)} would break`;
  const passes =
    allowed === 0
      ? "nothing would newly pass"
      : `${connections(allowed)} would newly pass (attempts: what would have followed is not known)`;
  const undetermined = open === 0 ? "" : `; ${connections(open)} cannot be told either way`;
  const cutOver = at === null ? "" : cutOverSentence(impact, at);
  return `${breaks}; ${passes}${undetermined}.${cutOver}`;
}
