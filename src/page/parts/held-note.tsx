import { grouped, timestamp } from "../../report/quantity.js";
import { read } from "../state/reading.js";
import { Notice } from "./notice.js";

/** Said where only the records held are looked at, and there are more. */
export function HeldNote() {
  const held = read.value?.held;
  if (held === undefined || held.beyond === 0) return null;
  const until = held.lastStart === null ? "" : `, up to ${timestamp(held.lastStart)}`;
  return (
    <Notice tone="warn">
      <p>
        Single records are kept for the first {grouped(held.rows)} in order of time{until}. The
        other {grouped(held.beyond)} are judged and in all sums, but cannot be listed or filtered
        here.
      </p>
      <p class="faint">
        Read fewer files at once to see them, or write them with flowverdict evaluate --records.
      </p>
    </Notice>
  );
}
