import { CHANGES } from "../../../model/opener.js";
import { grouped } from "../../../report/quantity.js";
import { ChangeMark } from "../../parts/verdict-mark.js";
import { candidates, chooseCandidate, candidate as shown, textOf } from "../../state/candidates.js";
import { impactAnswerOf } from "./asked.js";

/** The four numbers of every candidate, where there are several. */
export function CandidatesBeside() {
  const all = candidates.value;
  if (all.length < 2) return null;
  return (
    <div class="scroll">
      <table class="table impact-numbers">
        <caption>All candidates, in connections</caption>
        <thead>
          <tr>
            <th scope="col">candidate</th>
            {CHANGES.map((change) => (
              <th key={change} scope="col" class="num">
                <ChangeMark change={change} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {all.map((candidate, i) => {
            const answer = impactAnswerOf(textOf(candidate), false).value;
            return (
              <tr key={candidate.name}>
                <th scope="row">
                  <button
                    type="button"
                    class="link"
                    aria-current={candidate === shown.value}
                    onClick={() => chooseCandidate(i)}
                  >
                    {candidate.name}
                  </button>
                </th>
                {CHANGES.map((change) => (
                  <td key={change} class="num">
                    {answer.state === "given"
                      ? grouped(answer.value.impact.connections[change])
                      : "…"}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
