import { alikeInterfaces, surveySummaries } from "../../analysis/index.js";
import type { Summary } from "../../analysis/summary.js";
import { ReusableCore } from "../../core/reusable-core.js";
import { lintRuleSet } from "../../lint/index.js";
import type { JudgedOpener } from "../../model/opener.js";
import { type OpenerRows, plainOpener } from "../../model/opener-table.js";
import type { RuleSet } from "../../model/rule-set.js";
import { always, type Timeline } from "../../model/timeline.js";
import {
  checkOf,
  HELD_OUT_SHARE,
  heldOut,
  type Impact,
  impactOf,
  impactRows,
  impactsOf,
  type LogSplit,
  removalPlan,
  type Suggestion,
  splitRows,
  tightenGroup,
  type Usage,
  usageOf,
} from "../../questions/index.js";
import { checkReport } from "../../report/check-report.js";
import { findingsTable } from "../../report/findings-table.js";
import { ledgerNotes } from "../../report/history-notes.js";
import { impactReport } from "../../report/impact-report.js";
import { impactSentence } from "../../report/impact-sentence.js";
import { lintReport } from "../../report/lint-report.js";
import { ruleNotes, withNotes } from "../../report/noted.js";
import { plainPaint } from "../../report/paint.js";
import type { RecordsFormat } from "../../report/records-format.js";
import { removalSentence } from "../../report/removal-sections.js";
import { type Report, renderReport } from "../../report/report.js";
import type { ReportBody } from "../../report/report-body.js";
import type { ReportFormat } from "../../report/report-format.js";
import { revokeLine } from "../../report/revoke-line.js";
import type { SuggestionForm } from "../../report/suggestion-form.js";
import { suggestionEdits } from "../../report/suggestion-text.js";
import { summaryReport } from "../../report/summary-report.js";
import type { HeldOutTrial } from "../../report/tighten-answer.js";
import { tightenReport } from "../../report/tighten-report.js";
import { usageReport } from "../../report/usage-report.js";
import type {
  CandidateText,
  CandidateTold,
  ChangeSeriesTold,
  CoverageTold,
  EditorGroup,
  ImpactTold,
  PeersTold,
  Question,
  RemovalTold,
  SavedCandidate,
  SeriesTold,
  SuggestionTold,
  WhyTold,
} from "../protocol.js";
import { candidateFile } from "./candidate-files.js";
import { CandidateRules, fixOf } from "./candidate-rules.js";
import { changeSeries } from "./change-series.js";
import { explainHeld } from "./explain-held.js";
import { type ImpactWanted, storedImpact, withTotals } from "./impact.js";
import type { Left } from "./left.js";
import { peersOf } from "./peers.js";
import { recordFile } from "./record-file.js";
import { RecordIndex } from "./record-index.js";
import type { RecordStore } from "./record-store.js";
import { sessionFile } from "./session.js";

/** Columns of a table report that is saved. */
const WIDTH = 100;

/** Interfaces without logs that are named. */
const MOST_ABSENT = 200;

/** Of an impact that nobody asked for: enough for compilers to take notice. */
const PREPARED_ROWS = 65_536;
const PREPARED_TIMES = 2;

const LATEST =
  "The rules changed while the log ran. A candidate is compared with those that hold last, as if they had held all the time: rows of openers do not tell what held when. For the rules of their times: flowverdict diff, with the logs.";

/** Answers from what one reading left: no record is read again. */
export class Answers {
  private readonly left: Left;
  private readonly candidates: CandidateRules;
  /** Judges the rows for one candidate after the other: what it is asked waits for `turn`. */
  private readonly core: ReusableCore;
  private turn: Promise<unknown> = Promise.resolve();
  private hits: ReadonlyMap<string, number> | undefined;
  private readonly reports = new Map<Question, Promise<Report>>();
  private ledger: Promise<Usage> | undefined;
  /** The rows as the candidate asked about last judges them. */
  private judged: { readonly candidate: RuleSet; readonly openers: OpenerRows } | undefined;
  private index: RecordIndex | undefined;

  /** With what is said about the rules: all but `evaluate` tell it. */
  private readonly summary: Summary;

  constructor(left: Left) {
    this.left = left;
    this.summary = withNotes(left.summary, ruleNotes(left.loaded.warnings));
    this.candidates = new CandidateRules(left.loaded.ruleSet);
    this.core = new ReusableCore(left.core);
  }

  get store(): RecordStore {
    return this.left.store;
  }

  coverage(): CoverageTold {
    const { calendar, loaded, summary } = this.left;
    const seen = new Set(summary.coverage.interfaces.list.map(({ id }) => id));
    const absent = [...loaded.ruleSet.interfaces.keys()].filter((id) => !seen.has(id)).sort();
    const shown = absent.slice(0, MOST_ABSENT);
    return { calendar, absent: shown, absentMore: absent.length - shown.length };
  }

  async ask(question: Question): Promise<ReportBody> {
    return (await this.report(question)).body();
  }

  async text(question: Question, format: ReportFormat): Promise<string> {
    return textOf(await this.report(question), format);
  }

  /**
   * What `diff` prints. Of interfaces that every candidate leaves as they are the log itself was judged: stored rows know
   * less, as which clients a balancer admitted (semantics 3.5d).
   */
  private async diff(texts: readonly CandidateText[]): Promise<Report> {
    const { core, loaded, rows, totals } = this.left;
    const rules = texts.map((text) => this.candidates.ruleSet(text));
    const alike = alikeInAll(loaded.ruleSet, rules);
    const { openers, candidates, openersDropped } = await surveySummaries(
      [rows.of((interfaceId) => !alike.has(interfaceId))],
      {
        core,
        baseline: always("baseline", loaded.ruleSet),
        candidates: rules.map((ruleSet, i) => always(texts[i]!.name, ruleSet)),
        openers: "all",
      },
    );
    const unchanged: JudgedOpener[] = [];
    for (const row of await this.judgedByLatest())
      if (alike.has(row.interfaceId)) unchanged.push(unchangedRow(row, rules.length));
    // Connections at borders are stored of all interfaces.
    const asked = Array.from(openers).filter(({ interfaceId }) => !alike.has(interfaceId));
    const impacts = impactsOf([...unchanged, ...asked], loaded.ruleSet, rules);
    return impactReport({
      baseline: "baseline",
      candidates: impacts.map((impact, i) => {
        const { name, connections, records, bytes } = candidates[i]!;
        const counts = { connections, records, bytes };
        return {
          name,
          impact: withTotals(impact, counts, { ...totals, connections: rows.connections }),
          plan: [],
        };
      }),
      at: null,
      summary: this.summary,
      openersDropped,
    });
  }

  async diffText(texts: readonly CandidateText[], format: ReportFormat): Promise<string> {
    return textOf(await this.diff(texts), format);
  }

  /** The findings as a table. */
  async findings(
    question: Question | "diff",
    texts: readonly CandidateText[],
    format: RecordsFormat,
  ): Promise<Blob> {
    const report = await (question === "diff" ? this.diff(texts) : this.report(question));
    return recordFile([findingsTable(report)], format);
  }

  series(filter: string): SeriesTold {
    return filter.trim() === "" ? this.left.series : this.store.series(filter);
  }

  ruleSet(candidate: CandidateText): RuleSet {
    return this.candidates.ruleSet(candidate);
  }

  candidate(candidate: CandidateText): CandidateTold {
    const told = this.candidates.told(candidate);
    return this.left.periods.length === 1 ? told : { ...told, notes: [LATEST, ...told.notes] };
  }

  /** The rows as the rules that hold last judge them, whatever held when. */
  private async judgedByLatest(): Promise<OpenerRows> {
    const { core, loaded, periods, rows } = this.left;
    if (periods.length === 1) return this.left.judged();
    const baseline = always("baseline", loaded.ruleSet);
    const options = { core, baseline, candidates: [], openers: "all" } as const;
    return (await surveySummaries([rows.all()], options)).openers;
  }

  candidateGroup(candidate: CandidateText, group: string): EditorGroup {
    this.hits ??= new Map(this.left.summary.rules.map(({ id, connections }) => [id, connections]));
    return this.candidates.group(candidate, group, this.hits);
  }

  candidateFile(candidate: CandidateText, form: SuggestionForm): string {
    return candidateFile(this.left.loaded.ruleSet, this.candidates.ruleSet(candidate), form);
  }

  editsOf(candidate: CandidateText, json: string): readonly string[] {
    return this.candidates.editsOf(candidate, json);
  }

  /**
   * Works an impact out that nobody asked for, so that the first that is asked for finds code that has run and memory that
   * was touched. Cost: some 0.3 s at most.
   */
  async prepare(): Promise<void> {
    const { ruleSet } = this.left.loaded;
    const groups = [...ruleSet.groups].map(([id, group]) => [id, { ...group, rules: [] }] as const);
    const emptied = { ...ruleSet, groups: new Map(groups) };
    const wanted = { unchanged: false, most: PREPARED_ROWS };
    for (let i = 0; i < PREPARED_TIMES; i++) await this.stored(emptied, "", wanted);
  }

  /** What a candidate does to the connections of the log. Rows that it does not change stay numbers. */
  async impact(text: CandidateText, unchanged: boolean): Promise<ImpactTold> {
    const started = performance.now();
    const candidate = this.candidates.ruleSet(text);
    const impact = await this.stored(candidate, text.name, { unchanged });
    return {
      impact,
      fixes: impact.list.map(fixOf),
      sentence: impactSentence(impact, null),
      milliseconds: performance.now() - started,
    };
  }

  /** Records held over time by what a candidate does to their connections. */
  changes(text: CandidateText): Promise<ChangeSeriesTold> {
    const { ruleSet } = this.left.loaded;
    const candidate = this.candidates.ruleSet(text);
    return this.inTurn(async () => {
      if (this.judged?.candidate !== candidate)
        await this.judge(candidate, text.name, { unchanged: false });
      const { openers } = this.judged!;
      const tuples = impactRows(openers, ruleSet, candidate, 0, { onlyChanged: true });
      this.index ??= new RecordIndex(() => this.store.passing(""), this.store.told().rows);
      return changeSeries(this.index, openers, tuples);
    });
  }

  private stored(candidate: RuleSet, name: string, wanted: ImpactWanted): Promise<Impact> {
    return this.inTurn(() => this.judge(candidate, name, wanted));
  }

  private async judge(candidate: RuleSet, name: string, wanted: ImpactWanted): Promise<Impact> {
    const { rows, totals, loaded } = this.left;
    const judged = { core: this.core, rows, totals, baseline: loaded.ruleSet };
    // What was judged before stands in the memory of the same core.
    this.judged = undefined;
    const { impact, openers } = await storedImpact(judged, candidate, name, wanted);
    this.judged = { candidate, openers };
    return impact;
  }

  /** One after the other. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => {});
    return done;
  }

  /** The account of the reference evaluator, among the records held. */
  why(filter: string, row: number, candidate: CandidateText | null): WhyTold {
    const timelines: Timeline[] = [{ name: "baseline", periods: this.left.periods }];
    if (candidate !== null)
      timelines.push(always(candidate.name, this.candidates.ruleSet(candidate)));
    return explainHeld(this.store, filter, row, timelines);
  }

  usage(): Promise<Usage> {
    this.ledger ??= this.left
      .judged()
      .then((openers) => usageOf(openers, this.left.loaded.ruleSet, this.left.summary));
    return this.ledger;
  }

  /** The largest set of rules found that can go together. */
  async removal(): Promise<RemovalTold> {
    const { ruleSet } = this.left.loaded;
    const plan = removalPlan(await this.left.judged(), ruleSet, await this.usage());
    return { rules: plan.removed.map(({ id }) => id), sentence: removalSentence(plan) };
  }

  /** The edit lines that take rules away. */
  revokes(ids: readonly string[]): readonly string[] {
    const wanted = new Set(ids);
    return [...this.left.loaded.ruleSet.groups.values()].flatMap(({ rules }) =>
      rules.filter(({ id }) => wanted.has(id)).map(revokeLine),
    );
  }

  async peers(): Promise<PeersTold> {
    return peersOf(await this.left.judged(), this.left.loaded.ruleSet);
  }

  /** Narrower rules for a group. Rows of openers are split by their first record: they tell no single connection. */
  async suggestion(groupId: string, budget: number, holdsBack: boolean): Promise<SuggestionTold> {
    const { loaded, rows } = this.left;
    const { summary } = this;
    const split = holdsBack ? splitOf(summary) : null;
    const judged = await this.judgedByLatest();
    const { train, test } = split === null ? { train: judged, test: [] } : splitRows(judged, split);
    const suggestion = tightenGroup(train, loaded.ruleSet, groupId, { budget });
    const edits = suggestionEdits(loaded.ruleSet, suggestion);
    const report = tightenReport({
      suggestion,
      present: loaded.ruleSet.groups.get(groupId)?.rules.length ?? 0,
      edits,
      trial: split === null ? null : await this.trial(suggestion, split, test),
      summary,
      openersDropped: rows.facts.openersDropped,
    });
    return { body: report.body(), edits, parts: suggestion.parts, quotas: suggestion.quotas };
  }

  /** What a suggestion does to what it was not learnt from. */
  private async trial(
    suggestion: Suggestion,
    split: LogSplit & { readonly cut: number },
    test: readonly JudgedOpener[],
  ): Promise<HeldOutTrial> {
    const { core, rows, loaded } = this.left;
    const { openers } = await surveySummaries([rows.all()], {
      core,
      baseline: always("baseline", loaded.ruleSet),
      candidates: [always("suggestion", suggestion.ruleSet)],
      openers: "all",
    });
    const later = Array.from(openers).filter(({ first }) => first >= split.cut);
    return {
      split: { ...split, by: "openers" },
      heldOut: heldOut(suggestion, loaded.ruleSet, test),
      diff: impactOf(later, loaded.ruleSet, suggestion.ruleSet, 0, { onlyChanged: true }),
    };
  }

  /** Of the records held that a filter passes. */
  records(filter: string, format: RecordsFormat): Blob {
    return recordFile(this.store.passing(filter), format);
  }

  session(candidates: readonly SavedCandidate[]): Promise<Blob> {
    return sessionFile(this.left, candidates);
  }

  /** Each is worked out once: the inputs cannot change. */
  private report(question: Question): Promise<Report> {
    let report = this.reports.get(question);
    if (report === undefined) {
      report = this.answer(question);
      this.reports.set(question, report);
    }
    return report;
  }

  private async answer(question: Question): Promise<Report> {
    const { loaded, rows } = this.left;
    const { summary } = this;
    const { ruleSet } = loaded;
    const { openersDropped } = rows.facts;
    switch (question) {
      case "evaluate":
        return summaryReport(this.left.summary);
      case "check": {
        const openers = await this.left.judged();
        return checkReport({ check: checkOf(summary, openers), summary, openersDropped });
      }
      case "usage":
        return usageReport({
          usage: await this.usage(),
          removal: null,
          summary: withNotes(summary, ledgerNotes(this.left.periods)),
          openersDropped,
        });
      case "lint": {
        let rules = 0;
        for (const group of ruleSet.groups.values()) rules += group.rules.length;
        return lintReport({
          findings: lintRuleSet(ruleSet),
          groups: ruleSet.groups.size,
          rules,
          interfaces: ruleSet.interfaces.size,
          acls: ruleSet.acls.size,
          traffic: undefined,
        });
      }
    }
  }
}

/** The last third is held back; null where the log has no span. */
function splitOf({ coverage }: Summary): (LogSplit & { readonly cut: number }) | null {
  const { firstStart, lastEnd } = coverage;
  if (firstStart === null || lastEnd === null) return null;
  const cut = lastEnd - Math.floor((lastEnd - firstStart) / HELD_OUT_SHARE);
  return cut <= firstStart || cut === lastEnd ? null : { trainFrom: null, cut, end: lastEnd };
}

function alikeInAll(baseline: RuleSet, candidates: readonly RuleSet[]): ReadonlySet<string> {
  const lists = candidates.map((candidate) => new Set(alikeInterfaces(baseline, candidate)));
  const [first = new Set<string>(), ...others] = lists;
  return new Set([...first].filter((id) => others.every((list) => list.has(id))));
}

/** What so many candidates say of a row whose rules they leave as they are. */
function unchangedRow(row: JudgedOpener, candidates: number): JudgedOpener {
  const [ruling] = row.rulings;
  return {
    ...plainOpener(row),
    rulings: Array.from({ length: candidates + 1 }, () => ruling!),
    changes: Array.from({ length: candidates }, () => ({ change: "unchanged", cutOver: null })),
  };
}

function textOf(report: Report, format: ReportFormat): string {
  return renderReport(report, format, { width: WIDTH, paint: plainPaint });
}
