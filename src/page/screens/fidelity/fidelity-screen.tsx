import { AnswerView } from "../../parts/answer-view.js";
import { BodyView } from "../../parts/body-view.js";
import { OnceRead } from "../../parts/empty.js";
import { FidelityMatrix } from "../../parts/fidelity-matrix.js";
import { Panel, Screen } from "../../parts/panel.js";
import { SaveReport } from "../../parts/save-report.js";
import { answerOf } from "../../state/answers.js";
import { call } from "../../state/engine.js";
import { read } from "../../state/reading.js";

/** How far the rules explain the log. */
export function FidelityScreen() {
  return (
    <Screen
      title="Fidelity"
      about="Before any what-if: do these rules explain what AWS did with each record? Where they do not, the causes stand here, strongest evidence first."
      aside={read.value === null ? null : <SaveReport question="check" />}
    >
      <OnceRead>
        <Found />
      </OnceRead>
    </Screen>
  );
}

function Found() {
  const answer = answerOf("ask/check", () => call("ask", "check"));
  const summary = read.value?.summary;
  return (
    <>
      {summary === undefined ? null : (
        <Panel
          title="What AWS did × what the rules say"
          aside={<span class="faint">a cell opens its records</span>}
        >
          <FidelityMatrix summary={summary} />
        </Panel>
      )}
      <AnswerView answer={answer}>{(body) => <BodyView body={body} />}</AnswerView>
    </>
  );
}
