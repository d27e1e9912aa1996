import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { counted } from "../../../report/quantity.js";
import { BusyButton } from "../../parts/busy-button.js";
import { TroubleNotice } from "../../parts/notice.js";
import { saveFile } from "../../parts/save-file.js";
import { candidates } from "../../state/candidates.js";
import { reading } from "../../state/reading.js";
import { hrefOf } from "../../state/route.js";
import { hasUnsaved, openSession, sessionFile } from "../../state/session.js";
import { type Trouble, troubleOf } from "../../state/trouble.js";

const NAME = "flowverdict-session.fvsession";

export function KeepSession() {
  return (
    <>
      <p class="faint">
        Rules, {counted(candidates.value.length, "candidate")} with what is marked as expected, and
        what the log said: to go on another day, or on another machine. Single records are not in
        it.
      </p>
      {hasUnsaved.value ? (
        <p class="tone-warn">! A candidate has changed since it was saved last.</p>
      ) : null}
      <div class="row">
        <BusyButton work={async () => saveFile(NAME, await sessionFile())}>Save session</BusyButton>
      </div>
    </>
  );
}

/** Takes a session in; what is open is replaced only when the file is whole. */
export function OpenSession() {
  const picker = useRef<HTMLInputElement>(null);
  const trouble = useSignal<Trouble | null>(null);
  const opened = useSignal(false);
  const open = async (file: File | undefined) => {
    if (file === undefined) return;
    opened.value = false;
    trouble.value = null;
    try {
      await openSession(file);
      opened.value = true;
    } catch (error) {
      trouble.value = troubleOf(error);
    }
  };
  return (
    <>
      <p class="faint">
        A file that was saved here brings rules, candidates and answers back without its log.
        {hasUnsaved.value ? " The candidates of now are replaced." : ""}
      </p>
      <div class="row">
        <button
          type="button"
          class="button"
          disabled={reading.value.phase === "reading"}
          onClick={() => picker.current?.click()}
        >
          Open a session
        </button>
        <input
          ref={picker}
          type="file"
          hidden
          accept=".fvsession"
          aria-label="Session file"
          onChange={(event) => {
            void open(event.currentTarget.files?.[0]);
            event.currentTarget.value = "";
          }}
        />
        <span role="status">
          {opened.value ? (
            <>
              ✓ It is open. <a href={hrefOf("overview")}>See what it says</a>
            </>
          ) : null}
        </span>
      </div>
      {trouble.value === null ? null : <TroubleNotice trouble={trouble.value} />}
    </>
  );
}
