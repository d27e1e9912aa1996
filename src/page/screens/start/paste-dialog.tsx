import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { GivenFile } from "../../protocol.js";
import { fileOfText } from "./collect-files.js";

/** Takes text in place of a file. */
export function PasteDialog({
  title,
  name,
  example,
  onText,
  onClose,
}: {
  readonly title: string;
  /** Of the text in messages. */
  readonly name: string;
  readonly example: string;
  readonly onText: (file: GivenFile) => void;
  readonly onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const text = useSignal("");
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog class="dialog" ref={dialog} aria-label={title} onClose={onClose}>
      <form
        class="stack"
        method="dialog"
        onSubmit={() => {
          if (text.value.trim() !== "") onText(fileOfText(text.value, name));
        }}
      >
        <h2>{title}</h2>
        <label class="stack">
          <span class="faint">It stays on this machine, like files do.</span>
          <textarea
            class="field mono"
            rows={12}
            placeholder={example}
            value={text.value}
            onInput={(event) => {
              text.value = event.currentTarget.value;
            }}
          />
        </label>
        <div class="row">
          <button type="submit" class="button button-main" disabled={text.value.trim() === ""}>
            Take this text
          </button>
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
        </div>
      </form>
    </dialog>
  );
}
