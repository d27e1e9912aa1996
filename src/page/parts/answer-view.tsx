import type { ReadonlySignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Answer } from "../state/answers.js";
import { TroubleNotice } from "./notice.js";

/** An answer when it has come; until then a quiet word, or why it was refused. */
export function AnswerView<T>({
  answer,
  children,
}: {
  readonly answer: ReadonlySignal<Answer<T>>;
  readonly children: (value: T) => ComponentChildren;
}) {
  const found = answer.value;
  if (found.state === "asking")
    return (
      <p class="faint" role="status">
        Working it out …
      </p>
    );
  if (found.state === "refused") return <TroubleNotice trouble={found.trouble} />;
  return <>{children(found.value)}</>;
}
