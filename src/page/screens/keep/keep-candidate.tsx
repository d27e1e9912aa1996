import { signal } from "@preact/signals";
import type { SuggestionForm } from "../../../report/suggestion-form.js";
import { BusyButton } from "../../parts/busy-button.js";
import { Choice } from "../../parts/choice.js";
import { saveFile } from "../../parts/save-file.js";
import { candidate, candidateText, hasCandidate } from "../../state/candidates.js";
import { call } from "../../state/engine.js";
import { hrefOf } from "../../state/route.js";

const FORMS: readonly (readonly [SuggestionForm, string])[] = [
  ["edits", "Edit lines"],
  ["json", "AWS JSON"],
  ["terraform", "Terraform"],
];
const ENDINGS: Readonly<Record<SuggestionForm, string>> = {
  edits: "txt",
  json: "json",
  terraform: "tf",
};

const MEANINGS: Readonly<Record<SuggestionForm, string>> = {
  edits: "What to change, a line each.",
  json: "All rules after the change, as AWS answers.",
  terraform: "The rules of every group that differs, as resources of the AWS provider.",
};

const form = signal<SuggestionForm>("edits");

/** The candidate shown, in the forms in which it can be applied elsewhere. */
export function KeepCandidate() {
  if (!hasCandidate.value)
    return (
      <p class="faint">
        There is none yet. <a href={hrefOf("candidate")}>Change a rule</a>, and what you wrote can
        be taken from here.
      </p>
    );
  const { name } = candidate.value;
  const save = async () => {
    const text = await call("candidateFile", candidateText.value, form.value);
    saveFile(`${name.replace(/[^\w.-]+/g, "-")}.${ENDINGS[form.value]}`, new Blob([text]));
  };
  return (
    <>
      <p class="faint">
        <strong>{name}</strong>. {MEANINGS[form.value]}{" "}
        {form.value === "terraform" ? null : (
          <>
            <code class="nowrap">flowverdict diff --candidate</code> reads them.{" "}
          </>
        )}
        Nothing is applied to AWS by this.
      </p>
      <div class="row">
        <Choice label="Form of the candidate" value={form} options={FORMS} />
        <BusyButton work={save}>Save candidate</BusyButton>
      </div>
    </>
  );
}
