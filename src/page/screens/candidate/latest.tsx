import { type ReadonlySignal, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { TroubleNotice } from "../../parts/notice.js";
import type { Answer } from "../../state/answers.js";

/** The last answer that was given stays until the next one is: nothing jumps while one writes. */
export function Latest<T>({
  answer,
  children,
}: {
  readonly answer: ReadonlySignal<Answer<T>>;
  readonly children: (value: T) => ComponentChildren;
}) {
  const last = useSignal<{ readonly value: T } | null>(null);
  const now = answer.value;
  useEffect(() => {
    if (now.state === "given") last.value = { value: now.value };
  }, [now]);
  const shown = now.state === "given" ? { value: now.value } : last.value;
  return (
    <div class="stack" aria-busy={now.state === "asking"}>
      {now.state === "refused" ? <TroubleNotice trouble={now.trouble} /> : null}
      {shown === null ? (
        <p class="faint">{now.state === "asking" ? "Working it out …" : ""}</p>
      ) : (
        children(shown.value)
      )}
    </div>
  );
}
