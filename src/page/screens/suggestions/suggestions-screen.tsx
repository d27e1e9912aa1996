import { signal } from "@preact/signals";
import type { Usage } from "../../../questions/index.js";
import { AnswerView } from "../../parts/answer-view.js";
import { BodyView } from "../../parts/body-view.js";
import { OnceRead } from "../../parts/empty.js";
import { Notice } from "../../parts/notice.js";
import { Panel, Screen } from "../../parts/panel.js";
import type { SuggestionTold } from "../../protocol.js";
import { answerOf } from "../../state/answers.js";
import { addEdits } from "../../state/candidates.js";
import { call } from "../../state/engine.js";
import { goTo } from "../../state/route.js";
import { CurveChart } from "./curve-chart.js";

const MOST_BUDGET = 1000;

const group = signal("");
const budget = signal(60);
const holdsBack = signal(true);

/** Narrower rules, learnt from what the log shows in use. */
export function SuggestionsScreen() {
  return (
    <Screen
      title="Suggestions"
      about="Narrower rules for a group that still admit every connection it admitted in this log. Fewer rules have to be wider: the curve shows the price."
    >
      <OnceRead>
        <Found />
      </OnceRead>
    </Screen>
  );
}

function Found() {
  const answer = answerOf("usage", () => call("usage"));
  return <AnswerView answer={answer}>{(usage) => <ForGroup usage={usage} />}</AnswerView>;
}

function ForGroup({ usage }: { readonly usage: Usage }) {
  const groups = new Map(usage.rules.map(({ groupId, groupName }) => [groupId, groupName]));
  const first = busiest(usage);
  if (first === undefined) return <p>The rules hold no group with rules.</p>;
  const id = groups.has(group.value) ? group.value : first;
  const most = budget.value;
  const held = holdsBack.value;
  const answer = answerOf(`suggestion/${id}/${most}/${held}`, () =>
    call("suggestion", id, most, held),
  );
  return (
    <>
      <div class="row">
        <label class="row">
          <span class="faint">Group</span>
          <select
            class="field field-auto"
            value={id}
            onChange={(event) => {
              group.value = event.currentTarget.value;
            }}
          >
            {[...groups].map(([each, name]) => (
              <option key={each} value={each}>
                {name === null ? each : `${name} (${each})`}
              </option>
            ))}
          </select>
        </label>
        <label class="row">
          <span class="faint">Rules at most, per direction and family</span>
          <input
            class="field number-field"
            type="number"
            min={1}
            max={MOST_BUDGET}
            value={most}
            onChange={(event) => {
              const wanted = Math.round(Number(event.currentTarget.value));
              budget.value = Math.min(MOST_BUDGET, Math.max(1, wanted || 1));
            }}
          />
        </label>
      </div>
      <label class="row">
        <input
          type="checkbox"
          checked={held}
          onChange={(event) => {
            holdsBack.value = event.currentTarget.checked;
          }}
        />
        keep the last third of the log back, and try the rules on it
      </label>
      <Notice tone="warn">
        <p>
          {held
            ? "Learnt from the first two thirds of the log; what the rules would have done to the rest stands below."
            : "Learnt from the whole log, tried on none."}{" "}
          A connection that is made once a month may be missing.
        </p>
      </Notice>
      <AnswerView answer={answer}>{(told) => <Suggested told={told} />}</AnswerView>
    </>
  );
}

/** The group with most rules in use: there is most to say of it. */
function busiest({ rules }: Usage): string | undefined {
  const used = new Map<string, number>();
  for (const { groupId, connections } of rules)
    used.set(groupId, (used.get(groupId) ?? 0) + (connections > 0 ? 1 : 0));
  return [...used].sort(([, a], [, b]) => b - a)[0]?.[0];
}

function Suggested({ told: { body, edits, parts, quotas } }: { readonly told: SuggestionTold }) {
  // A single point is no curve.
  const drawn = parts.filter(({ curve }) => curve.length > 1);
  return (
    <>
      {drawn.length === 0 ? null : (
        <Panel title="Rules against what they open">
          <div class="columns">
            {drawn.map((part) => (
              <CurveChart key={`${part.direction} ${part.family}`} part={part} quotas={quotas} />
            ))}
          </div>
        </Panel>
      )}
      <div class="row">
        <button
          type="button"
          class="button button-main"
          disabled={edits.length === 0}
          onClick={() => {
            addEdits(edits);
            goTo("candidate");
          }}
        >
          Put into the candidate
        </button>
        <span class="faint">
          {edits.length === 0
            ? "The rules are as narrow as this log allows."
            : "There its impact is shown, and it can be undone."}
        </span>
      </div>
      <BodyView body={body} />
    </>
  );
}
