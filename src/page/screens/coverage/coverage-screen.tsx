import type { InterfaceCoverage, Summary } from "../../../analysis/summary.js";
import { counted, duration, grouped, timestamp } from "../../../report/quantity.js";
import { AnswerView } from "../../parts/answer-view.js";
import { OnceRead } from "../../parts/empty.js";
import { Panel, Screen } from "../../parts/panel.js";
import { Stat, Stats } from "../../parts/stat.js";
import type { CoverageTold } from "../../protocol.js";
import { answerOf } from "../../state/answers.js";
import { call } from "../../state/engine.js";
import { read } from "../../state/reading.js";
import { Calendar } from "./calendar.js";

/** For which interfaces and times anything here speaks. */
export function CoverageScreen() {
  return (
    <Screen
      title="Coverage"
      about="Over which interfaces and times this log speaks. What was not logged can be neither allowed nor denied here."
    >
      <OnceRead>
        <Found />
      </OnceRead>
    </Screen>
  );
}

function Found() {
  const answer = answerOf("coverage", () => call("coverage"));
  const summary = read.value?.summary;
  if (summary === undefined) return null;
  return (
    <AnswerView answer={answer}>
      {(told) => (
        <>
          <p class="lead">{sentenceOf(summary, told)}</p>
          <Numbers summary={summary} />
          <Panel title="When each interface was logged">
            <Calendar calendar={told.calendar} faces={facesOf(summary)} />
          </Panel>
          <Gaps summary={summary} told={told} />
        </>
      )}
    </AnswerView>
  );
}

function facesOf({ coverage }: Summary): ReadonlyMap<string, InterfaceCoverage> {
  return new Map(coverage.interfaces.list.map((face) => [face.id, face]));
}

/** `Everything here speaks for 11 of 13 interfaces of the rules, over 29 min 21 s.` */
function sentenceOf({ coverage }: Summary, { absent, absentMore }: CoverageTold): string {
  const { withRules } = coverage.interfaces;
  const of = withRules + absent.length + absentMore;
  const { firstStart, lastEnd } = coverage;
  const span =
    firstStart === null || lastEnd === null ? "" : `, over ${duration(lastEnd - firstStart)}`;
  return `Everything here speaks for ${grouped(withRules)} of ${counted(of, "interface")} of the rules${span}.`;
}

function Numbers({ summary }: { readonly summary: Summary }) {
  const { coverage, records } = summary;
  const { list, seen, withoutRules } = coverage.interfaces;
  const skipped = list.reduce((sum, { skipdataSeconds }) => sum + skipdataSeconds, 0);
  const { firstStart, lastEnd } = coverage;
  return (
    <Panel title="What was logged">
      <Stats>
        <Stat
          label="interfaces in the log"
          value={grouped(seen)}
          foot={
            withoutRules === 0 ? "all in the rules" : `${grouped(withoutRules)} not in the rules`
          }
        />
        <Stat
          label="from"
          value={firstStart === null ? "-" : timestamp(firstStart).slice(0, 10)}
          foot={firstStart === null ? "no times" : timestamp(firstStart).slice(11)}
        />
        <Stat
          label="to"
          value={lastEnd === null ? "-" : timestamp(lastEnd).slice(0, 10)}
          foot={lastEnd === null ? "no times" : timestamp(lastEnd).slice(11)}
        />
        <Stat label="windows without data" value={grouped(records.nodata)} foot="NODATA" />
        <Stat
          label="windows AWS skipped"
          value={grouped(records.skipdata)}
          foot={skipped === 0 ? "SKIPDATA" : `SKIPDATA, ${duration(skipped)}`}
        />
      </Stats>
    </Panel>
  );
}

function Gaps({ summary, told }: { readonly summary: Summary; readonly told: CoverageTold }) {
  const unknown = summary.coverage.interfaces.list.filter(({ inRuleSet }) => !inRuleSet);
  return (
    <div class="columns">
      <Panel
        title="In the rules, not in the log"
        aside={<span class="faint">{grouped(told.absent.length + told.absentMore)}</span>}
      >
        {told.absent.length === 0 ? (
          <p>Every interface of the rules is in the log.</p>
        ) : (
          <>
            <p class="faint">
              Nothing here speaks for them. Give their logs, or switch flow logs on for them.
            </p>
            <Ids ids={told.absent} more={told.absentMore} />
          </>
        )}
      </Panel>
      <Panel
        title="In the log, not in the rules"
        aside={<span class="faint">{grouped(unknown.length)}</span>}
      >
        {unknown.length === 0 ? (
          <p>Every interface of the log is in the rules.</p>
        ) : (
          <>
            <p class="faint">
              Their records are unknown. Give describe-network-interfaces of their accounts.
            </p>
            <Ids
              ids={unknown.slice(0, 200).map(({ id }) => id)}
              more={Math.max(0, unknown.length - 200)}
            />
          </>
        )}
      </Panel>
    </div>
  );
}

function Ids({ ids, more }: { readonly ids: readonly string[]; readonly more: number }) {
  return (
    <p class="ids">
      {ids.map((id) => (
        <code key={id}>{id}</code>
      ))}
      {more === 0 ? null : <span class="faint">and {grouped(more)} more</span>}
    </p>
  );
}
