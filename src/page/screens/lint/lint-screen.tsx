import { AnswerView } from "../../parts/answer-view.js";
import { BodyView } from "../../parts/body-view.js";
import { OnceRead } from "../../parts/empty.js";
import { Screen } from "../../parts/panel.js";
import { SaveReport } from "../../parts/save-report.js";
import { answerOf } from "../../state/answers.js";
import { call } from "../../state/engine.js";
import { read } from "../../state/reading.js";

/** What the rules alone show. */
export function LintScreen() {
  return (
    <Screen
      title="Lint"
      about="What the rules alone show: open to the world, shadowed, duplicate, past their quota, references to nothing."
      aside={read.value === null ? null : <SaveReport question="lint" />}
    >
      <OnceRead>
        <Found />
      </OnceRead>
    </Screen>
  );
}

function Found() {
  const answer = answerOf("ask/lint", () => call("ask", "lint"));
  return <AnswerView answer={answer}>{(body) => <BodyView body={body} />}</AnswerView>;
}
