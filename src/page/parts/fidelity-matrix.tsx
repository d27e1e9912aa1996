import type { Summary } from "../../analysis/summary.js";
import type { Verdict } from "../../model/verdict.js";
import { grouped, percent } from "../../report/quantity.js";
import { goTo } from "../state/route.js";
import { filterText, timeSpan } from "../state/selection.js";
import { VerdictMark } from "./verdict-mark.js";

const VERDICTS: readonly Verdict[] = ["allow", "deny", "unknown"];
const ROWS = [
  ["accept", "ACCEPT"],
  ["reject", "REJECT"],
] as const;

type Kind = "good" | "bad" | "open";

const WORDS: Readonly<Record<Kind, string>> = {
  good: "agree",
  bad: "disagree",
  open: "undecided",
};

function kindOf(action: "accept" | "reject", verdict: Verdict): Kind {
  if (verdict === "unknown") return "open";
  return (action === "accept") === (verdict === "allow") ? "good" : "bad";
}

/** Recorded action against computed verdict, in records. */
export function FidelityMatrix({ summary }: { readonly summary: Summary }) {
  const { matrix } = summary;
  const all = ROWS.reduce(
    (sum, [row]) => sum + VERDICTS.reduce((part, verdict) => part + matrix[row][verdict], 0),
    0,
  );
  return (
    <table class="matrix-table">
      <caption class="hidden">
        Records by the action in the log and the verdict of the rules
      </caption>
      <thead>
        <tr>
          <td />
          {VERDICTS.map((verdict) => (
            <th key={verdict} scope="col">
              <VerdictMark verdict={verdict} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {ROWS.map(([row, action]) => (
          <tr key={row}>
            <th scope="row">{action}</th>
            {VERDICTS.map((verdict) => {
              const count = matrix[row][verdict];
              const kind = kindOf(row, verdict);
              return (
                <td key={verdict} class={`matrix-${count === 0 ? "none" : kind}`}>
                  {count === 0 ? (
                    <span class="matrix-number">0</span>
                  ) : (
                    <button
                      type="button"
                      class="link matrix-number"
                      aria-label={`${grouped(count)} records: AWS ${action}, rules ${verdict}. Open them.`}
                      onClick={() => {
                        timeSpan.value = null;
                        filterText.value = `action = ${action} and verdict = ${verdict}`;
                        goTo("records");
                      }}
                    >
                      {grouped(count)}
                    </button>
                  )}
                  <span class="matrix-word">
                    {WORDS[kind]} · {percent(count, all)}
                  </span>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
