import { AnswerView } from "../../parts/answer-view.js";
import { BodyView } from "../../parts/body-view.js";
import { OnceRead } from "../../parts/empty.js";
import { Screen } from "../../parts/panel.js";
import { SaveReport } from "../../parts/save-report.js";
import { answerOf } from "../../state/answers.js";
import { call } from "../../state/engine.js";
import { read } from "../../state/reading.js";

/** What each rule was good for. */
export function LedgerScreen() {
  return (
    <Screen
      title="Rule ledger"
      about="What each rule admitted in this log, what it alone admitted, and which part of its range was used. No evidence of use is no proof of disuse: see the coverage."
      aside={read.value === null ? null : <SaveReport question="usage" />}
    >
      <OnceRead>
        <Found />
      </OnceRead>
    </Screen>
  );
}

function Found() {
  const answer = answerOf("ask/usage", () => call("ask", "usage"));
  return <AnswerView answer={answer}>{(body) => <BodyView body={body} />}</AnswerView>;
}
