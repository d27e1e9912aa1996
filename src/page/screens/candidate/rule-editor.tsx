import { type Signal, signal } from "@preact/signals";
import { counted, grouped } from "../../../report/quantity.js";
import { Notice } from "../../parts/notice.js";
import { Panel } from "../../parts/panel.js";
import type { CandidateTold, GroupTold } from "../../protocol.js";
import { candidate, setEdits } from "../../state/candidates.js";
import { candidateAnswer, groupAnswer } from "./asked.js";
import { GroupJson } from "./group-json.js";
import { GroupTable } from "./group-table.js";
import { Latest } from "./latest.js";

const MODES = [
  ["table", "Table"],
  ["json", "JSON"],
  ["lines", "Edit lines"],
] as const;
type Mode = (typeof MODES)[number][0];

/** As they were left, for the next visit of the screen. */
const mode: Signal<Mode> = signal("table");
const chosen: Signal<string> = signal("");

/** The rules of a candidate beside those that hold: group by group as a table or JSON, or all edits as lines. */
export function RuleEditor() {
  return (
    <Panel
      title="Rules"
      aside={
        <fieldset class="segments">
          <legend class="hidden">How the rules are written</legend>
          {MODES.map(([id, title]) => (
            <label key={id} class="segment">
              <input
                type="radio"
                name="editor-mode"
                checked={mode.value === id}
                onChange={() => {
                  mode.value = id;
                }}
              />
              {title}
            </label>
          ))}
        </fieldset>
      }
    >
      <Latest answer={candidateAnswer()}>{(told) => <Editor told={told} />}</Latest>
      {mode.value === "lines" ? <EditLines /> : null}
    </Panel>
  );
}

function Editor({ told }: { readonly told: CandidateTold }) {
  const { groups, outcomes, notes, lint } = told;
  const group = groups.find(({ id }) => id === chosen.value) ?? groups[0];
  const lines = mode.value === "lines";
  return (
    <>
      {notes.map((note) => (
        <Notice key={note} tone="warn">
          <p>{note}</p>
        </Notice>
      ))}
      {lines || group === undefined ? null : (
        <div class="editor">
          <GroupList groups={groups} current={group.id} />
          <Latest key={group.id} answer={groupAnswer(group.id)}>
            {(shown) =>
              mode.value === "json" ? (
                <GroupJson key={shown.json} group={shown} />
              ) : (
                <GroupTable group={shown} told={group} />
              )
            }
          </Latest>
        </div>
      )}
      {outcomes.length === 0 ? null : (
        <details class="outcomes" open={lines}>
          <summary>{counted(outcomes.length, "edit")}</summary>
          <ul class="list">
            {outcomes.map(({ line, did, notes: follow }) => (
              <li key={line}>
                <code>{line}</code>
                <div class="faint">
                  {did}
                  {follow.length === 0 ? "" : `; ${follow.join("; ")}`}
                </div>
              </li>
            ))}
          </ul>
        </details>
      )}
      {outcomes.length + candidate.value.documents.length === 0 ? null : <Lint lint={lint} />}
    </>
  );
}

function Lint({ lint }: { readonly lint: CandidateTold["lint"] }) {
  if (lint.length === 0)
    return (
      <p class="faint">✓ Lint finds nothing that it does not find in the rules as they are.</p>
    );
  return (
    <Notice tone="warn">
      <p>
        <strong>
          {counted(lint.length, "finding")} of lint that the rules as they are do not have
        </strong>
      </p>
      <ul class="list">
        {lint.map(({ code, level, subject, message, advice }) => (
          <li key={`${code} ${subject} ${message}`}>
            {level}: {message}{" "}
            <span class="faint">
              ({code}) {advice}
            </span>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

const CHANGE_WORDS: Readonly<Record<GroupTold["change"], string>> = {
  same: "",
  changed: "± changed",
  added: "+ added",
  removed: "− removed",
};

function GroupList({
  groups,
  current,
}: {
  readonly groups: readonly GroupTold[];
  readonly current: string;
}) {
  return (
    <ul class="group-list" aria-label="Groups">
      {groups.map(({ id, name, ingress, egress, quota, change }) => (
        <li key={id}>
          <button
            type="button"
            class="group-item"
            aria-current={id === current}
            onClick={() => {
              chosen.value = id;
            }}
          >
            <span class="group-name">
              {name ?? id}
              <span class="tone-new"> {CHANGE_WORDS[change]}</span>
            </span>
            {name === null ? null : <span class="faint group-id">{id}</span>}
            <Quota label="in" used={ingress} quota={quota} />
            <Quota label="out" used={egress} quota={quota} />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Quota({
  label,
  used,
  quota,
}: {
  readonly label: string;
  readonly used: number;
  readonly quota: number;
}) {
  const full = used > quota;
  return (
    <span class="quota">
      <span class="faint">{label}</span>
      <span class="bar-track" aria-hidden="true">
        <span
          class={full ? "bar-fill bar-over" : "bar-fill"}
          style={{ width: `${Math.min(100, (100 * used) / quota)}%` }}
        />
      </span>
      <span class={full ? "tone-bad" : "faint"}>
        {grouped(used)} of {grouped(quota)}
        {full ? " !" : ""}
      </span>
    </span>
  );
}

function EditLines() {
  return (
    <label class="stack">
      <span class="faint">
        One a line: <code>authorize web ingress tcp 443 10.0.0.0/8</code>,{" "}
        <code>revoke sg-1 ingress tcp 22 0.0.0.0/0</code>; also attach, detach, delete, add-entry,
        remove-entry, and the commands of the AWS CLI.
      </span>
      <textarea
        class="field mono"
        rows={8}
        spellcheck={false}
        value={candidate.value.edits}
        onChange={(event) => setEdits(event.currentTarget.value)}
      />
    </label>
  );
}
