import { signal } from "@preact/signals";
import { USAGE_CLASSES, type Usage, type UsageClass } from "../../../questions/index.js";
import { fidelitySentence } from "../../../report/fidelity-sentence.js";
import { grouped } from "../../../report/quantity.js";
import { AnswerView } from "../../parts/answer-view.js";
import { OnceRead } from "../../parts/empty.js";
import { Panel, Screen } from "../../parts/panel.js";
import { SaveReport } from "../../parts/save-report.js";
import { answerOf } from "../../state/answers.js";
import { call } from "../../state/engine.js";
import { read } from "../../state/reading.js";
import { LedgerGroup } from "./ledger-group.js";
import { RemovalPanel } from "./removal-panel.js";

/** Class that is shown alone; null = all. */
const shown = signal<UsageClass | null>(null);

/** Rules chosen to go, by id. */
const chosen = signal<ReadonlySet<string>>(new Set());

/** What each rule was good for. */
export function LedgerScreen() {
  return (
    <Screen
      title="Rule ledger"
      about="What each rule admitted in this log, what it alone admitted, and which part of its range was used. No evidence of use is no proof of disuse: see how long and at which interfaces the log could show it."
      aside={read.value === null ? null : <SaveReport question="usage" />}
    >
      <OnceRead>
        <Found />
      </OnceRead>
    </Screen>
  );
}

function Found() {
  const answer = answerOf("usage", () => call("usage"));
  const summary = read.value?.summary;
  return (
    <>
      {summary === undefined ? null : <p>{fidelitySentence(summary)}</p>}
      <AnswerView answer={answer}>{(usage) => <Ledger usage={usage} />}</AnswerView>
    </>
  );
}

function Ledger({ usage }: { readonly usage: Usage }) {
  const rules = usage.rules.filter((rule) => shown.value === null || rule.class === shown.value);
  const groups = new Map<string, typeof rules>();
  for (const rule of rules) groups.set(rule.groupId, [...(groups.get(rule.groupId) ?? []), rule]);
  const names = new Map(usage.rules.map(({ groupId, groupName }) => [groupId, groupName]));
  const most = Math.max(1, ...usage.rules.map(({ connections }) => connections));
  return (
    <>
      <ClassChips usage={usage} />
      <RemovalPanel chosen={chosen} />
      {groups.size === 0 ? (
        <p>No rule is of this class.</p>
      ) : (
        [...groups].map(([id, list]) => (
          <LedgerGroup key={id} rules={list} most={most} names={names} chosen={chosen} />
        ))
      )}
      {usage.rules.length === 0 ? (
        <Panel title="No rules">
          <p>The documents hold no rule.</p>
        </Panel>
      ) : null}
    </>
  );
}

const WORDS: Readonly<Record<UsageClass, string>> = {
  used: "used",
  redundant: "redundant",
  "no-evidence": "no evidence of use",
  "not-observable": "not observable",
  "on-no-interface": "on no interface",
  undecidable: "undecidable",
};

function ClassChips({ usage: { classes, rules } }: { readonly usage: Usage }) {
  const chips = [
    [null, "all", rules.length] as const,
    ...USAGE_CLASSES.map((name) => [name, WORDS[name], classes[name]] as const),
  ];
  return (
    <fieldset class="row">
      <legend class="hidden">Rules shown, by what the log says of their use</legend>
      {chips.map(([name, word, count]) => (
        <button
          key={word}
          type="button"
          class="chip"
          aria-pressed={shown.value === name}
          disabled={count === 0}
          onClick={() => {
            shown.value = name;
          }}
        >
          {word} <span class="faint">{grouped(count)}</span>
        </button>
      ))}
    </fieldset>
  );
}
