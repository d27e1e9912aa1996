import { useSignal } from "@preact/signals";
import { logFields, setFields } from "../../state/inputs.js";

// biome-ignore lint/suspicious/noTemplateCurlyInString: AWS's own notation, not a template
const EXAMPLE = "${version} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${action}";

/** The order of the fields, for logs that do not say it themselves. */
export function FormatString() {
  const text = useSignal(logFields.value);
  return (
    <details class="panel fetch" open={logFields.value !== ""}>
      <summary>The format of logs without a header</summary>
      <p class="faint">
        Files from S3 name their fields in the first line, and AWS's default formats are recognised.
        For lines of another format without a header give it as describe-flow-logs shows it
        (LogFormat).
      </p>
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault();
          void setFields(text.value);
        }}
      >
        <input
          class="field grow mono"
          aria-label="Format of logs without a header"
          placeholder={EXAMPLE}
          spellcheck={false}
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
        />
        <button type="submit" class="button" disabled={text.value.trim() === logFields.value}>
          Use this format
        </button>
      </form>
      {logFields.value === "" ? null : (
        <p>
          <span class="tone-good" aria-hidden="true">
            ✓
          </span>{" "}
          Used for every log without a header.
        </p>
      )}
    </details>
  );
}
