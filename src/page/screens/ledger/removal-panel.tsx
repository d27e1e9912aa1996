import { type Signal, useSignal } from "@preact/signals";
import { counted } from "../../../report/quantity.js";
import { BusyButton } from "../../parts/busy-button.js";
import { ImpactNumbers } from "../../parts/impact-numbers.js";
import { Panel } from "../../parts/panel.js";
import type { ImpactTold } from "../../protocol.js";
import { addEdits } from "../../state/candidates.js";
import { call } from "../../state/engine.js";
import { goTo } from "../../state/route.js";

/** What was asked of the rules chosen, and what came of it. */
interface Asked {
  readonly rules: ReadonlySet<string>;
  readonly edits: readonly string[];
  readonly told: ImpactTold;
}

/** Would anything break if the rules chosen went together? Answered from the rows of the log, at once. */
export function RemovalPanel({ chosen }: { readonly chosen: Signal<ReadonlySet<string>> }) {
  const asked = useSignal<Asked | null>(null);
  const sentence = useSignal("");
  const rules = chosen.value;
  const propose = async () => {
    const plan = await call("removal");
    sentence.value = plan.sentence;
    chosen.value = new Set(plan.rules);
  };
  const ask = async () => {
    const edits = await call("revokes", [...rules]);
    const candidate = { name: "without the rules chosen", documents: [], edits: edits.join("\n") };
    asked.value = { rules, edits, told: await call("impact", candidate, false) };
  };
  const answer = asked.value?.rules === rules ? asked.value : null;
  return (
    <Panel
      title="Remove these together?"
      aside={<span class="faint">{counted(rules.size, "rule")} chosen</span>}
    >
      <p class="faint">
        Choose rules below, or let the largest set be proposed that leaves every admitted connection
        admitted.
      </p>
      <div class="row">
        <BusyButton work={propose}>Propose rules that can go</BusyButton>
        <BusyButton main work={ask} disabled={rules.size === 0}>
          What would break?
        </BusyButton>
        <button
          type="button"
          class="button button-quiet"
          disabled={rules.size === 0}
          onClick={() => {
            chosen.value = new Set();
            sentence.value = "";
          }}
        >
          Choose none
        </button>
      </div>
      {sentence.value === "" ? null : <p>{sentence.value}</p>}
      {answer === null ? null : (
        <>
          <p aria-live="polite">
            <strong>{answer.told.sentence}</strong>
          </p>
          <ImpactNumbers impact={answer.told.impact} />
          <div class="row">
            <button
              type="button"
              class="button"
              onClick={() => {
                addEdits(answer.edits);
                goTo("candidate");
              }}
            >
              Put into the candidate
            </button>
          </div>
        </>
      )}
    </Panel>
  );
}
