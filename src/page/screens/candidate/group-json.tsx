import { useSignal } from "@preact/signals";
import { TroubleNotice } from "../../parts/notice.js";
import type { EditorGroup } from "../../protocol.js";
import { addEdits, candidateText } from "../../state/candidates.js";
import { call } from "../../state/engine.js";
import { type Trouble, troubleOf } from "../../state/trouble.js";

/** A group as AWS answers it; what is changed becomes edits. */
export function GroupJson({ group }: { readonly group: EditorGroup }) {
  const text = useSignal(group.json);
  const trouble = useSignal<Trouble | null>(null);
  if (group.json === "") return <p>The candidate has no such group.</p>;
  const take = async () => {
    try {
      const lines = await call("editsOf", candidateText.value, text.value);
      trouble.value = null;
      if (lines.length > 0) addEdits(lines);
    } catch (error) {
      trouble.value = troubleOf(error);
    }
  };
  return (
    <div class="stack">
      <label class="stack">
        <span class="faint">
          As describe-security-groups answers it. What differs is taken over as edit lines.
        </span>
        <textarea
          class="field mono"
          rows={18}
          spellcheck={false}
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
        />
      </label>
      {trouble.value === null ? null : <TroubleNotice trouble={trouble.value} />}
      <div class="row">
        <button
          type="button"
          class="button"
          disabled={text.value === group.json}
          onClick={() => void take()}
        >
          Take over
        </button>
      </div>
    </div>
  );
}
