import { OnceRead } from "../../parts/empty.js";
import { Screen } from "../../parts/panel.js";
import { CandidateBar } from "./candidate-bar.js";
import { ImpactPanel } from "./impact-panel.js";
import { RuleEditor } from "./rule-editor.js";

/** Other rules, and what they would have done to this log. */
export function CandidateScreen() {
  return (
    <Screen
      title="Candidate"
      about="Change rules beside those that hold, and see which connections of this log would break or newly pass. Nothing is read again, and nothing is changed in AWS."
    >
      <OnceRead>
        <CandidateBar />
        <RuleEditor />
        <ImpactPanel />
      </OnceRead>
    </Screen>
  );
}
