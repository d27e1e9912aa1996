import { counted, grouped } from "../../../report/quantity.js";
import { BusyButton } from "../../parts/busy-button.js";
import { Notice } from "../../parts/notice.js";
import { saveFile } from "../../parts/save-file.js";
import { type Anonymous, anonymize, anonymous, type Verdicts } from "../../state/anonymous.js";
import { call } from "../../state/engine.js";
import { inputs } from "../../state/inputs.js";
import { read } from "../../state/reading.js";
import { hasUnsaved } from "../../state/session.js";

/** Exports for others: without real addresses, ids and accounts. */
export function KeepAnonymous() {
  const told = anonymous.value;
  if (told !== null) return <Case told={told} />;
  const hasLogs = (inputs.value?.logs.files ?? 0) > 0;
  return (
    <>
      <p class="faint">
        For a ticket or a colleague: logs, rules and candidates get other addresses, ids and account
        numbers, as <code class="nowrap">flowverdict anonymize</code> gives them, by a random key
        that is made here. Names and descriptions go. The case is judged anew and takes the place of
        what is open: whatever is saved afterwards holds nothing else.
        {hasUnsaved.value ? " The candidates of now are replaced: save them first." : ""}
      </p>
      <div class="row">
        <BusyButton work={anonymize} disabled={!hasLogs}>
          Anonymize what is open
        </BusyButton>
        {hasLogs ? null : <span class="faint">A session has no logs: give them, and read.</span>}
      </div>
    </>
  );
}

const WORDS = ["allow", "deny", "unknown"] as const;

function isAlike(a: Verdicts, b: Verdicts): boolean {
  return WORDS.every((word) => a[word] === b[word]);
}

function textOf(verdicts: Verdicts): string {
  return WORDS.map((word) => `${grouped(verdicts[word])} ${word}`).join(", ");
}

function Case({ told: { before, key, malformed, broken } }: { readonly told: Anonymous }) {
  const after = read.value?.summary.verdicts;
  const saveRules = async () => {
    for (const { name, text } of await call("caseRules")) saveFile(name, new Blob([text]));
  };
  const saveLogs = async () => saveFile("case.log.gz", await call("caseLogs"));
  return (
    <>
      <p>
        <span class="tone-good" aria-hidden="true">
          ✓
        </span>{" "}
        What is open is anonymized, and so is whatever is saved. To see the real case again, give
        its files again.
      </p>
      {after === undefined ? null : <Compared before={before} after={after} />}
      {malformed === 0 ? null : (
        <p class="faint">{counted(malformed, "line")} that are no records stand as "malformed".</p>
      )}
      {broken.map((message) => (
        <Notice key={message} tone="bad">
          <p>{message}</p>
          <p class="faint">It was used up to the break.</p>
        </Notice>
      ))}
      <div class="row">
        <BusyButton work={saveRules}>Save rules</BusyButton>
        <BusyButton work={saveLogs}>Save logs</BusyButton>
        <BusyButton work={async () => saveFile("case.key", new Blob([`${key}\n`]))}>
          Save the key
        </BusyButton>
      </div>
      <p class="faint">
        Whoever has the key can undo the mapping: it stays at home. Not saved, it is gone with the
        page. Times, ports and volumes are as they were.
      </p>
    </>
  );
}

function Compared({ before, after }: { readonly before: Verdicts; readonly after: Verdicts }) {
  if (isAlike(before, after))
    return <p>As many records of every verdict as before: {textOf(after)}.</p>;
  return (
    <Notice tone="warn">
      <p>
        Judged: {textOf(after)}; before: {textOf(before)}.
      </p>
      <p class="faint">
        Who opened a connection may hang on how addresses fall into a sketch of 64 bits (semantics
        4.3), or on their order (7.1). Another key may do: give the real files again.
      </p>
    </Notice>
  );
}
