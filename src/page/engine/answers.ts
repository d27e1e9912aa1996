import { type JudgedAndSummarized, surveySummaries } from "../../analysis/index.js";
import { lintRuleSet } from "../../lint/index.js";
import type { JudgedOpener } from "../../model/opener.js";
import type { RuleSet } from "../../model/rule-set.js";
import { always } from "../../model/timeline.js";
import { checkOf, impactOf, usageOf } from "../../questions/index.js";
import { checkReport } from "../../report/check-report.js";
import { impactSentence } from "../../report/impact-sentence.js";
import { lintReport } from "../../report/lint-report.js";
import { plainPaint } from "../../report/paint.js";
import { type Report, renderReport } from "../../report/report.js";
import type { ReportBody } from "../../report/report-body.js";
import type { ReportFormat } from "../../report/report-format.js";
import { summaryReport } from "../../report/summary-report.js";
import { usageReport } from "../../report/usage-report.js";
import { applyEdits, type LoadedRules, parseEdits } from "../../rules/index.js";
import type { CandidateText, ImpactTold, Question, WhyTold } from "../protocol.js";
import { explainHeld } from "./explain-held.js";
import type { RecordStore } from "./record-store.js";

/** Columns of a table report that is saved. */
const WIDTH = 100;

/** Answers from what one reading left: no record is read again. */
export class Answers {
  readonly store: RecordStore;
  private readonly core: WebAssembly.Module;
  private readonly loaded: LoadedRules;
  private readonly read: JudgedAndSummarized;
  private readonly reports = new Map<Question, Promise<Report>>();

  constructor(
    core: WebAssembly.Module,
    loaded: LoadedRules,
    read: JudgedAndSummarized,
    store: RecordStore,
  ) {
    this.store = store;
    this.core = core;
    this.loaded = loaded;
    this.read = read;
  }

  async ask(question: Question): Promise<ReportBody> {
    return (await this.report(question)).body();
  }

  async text(question: Question, format: ReportFormat): Promise<string> {
    return renderReport(await this.report(question), format, { width: WIDTH, paint: plainPaint });
  }

  /** What a candidate does to the connections of the log. Rows that it does not change stay numbers. */
  async impact(text: CandidateText): Promise<ImpactTold> {
    const started = performance.now();
    const { ruleSet } = this.loaded;
    const candidate = this.edited(text);
    const { openers, candidates } = await surveySummaries([this.read.openers], {
      core: this.core,
      baseline: always("baseline", ruleSet),
      candidates: [always(text.name, candidate)],
      openers: "changed",
    });
    const found = impactOf(openers, ruleSet, candidate, 0, { onlyChanged: true });
    const { connections, records, bytes } = candidates[0]!;
    const impact = { ...found, connections, records, bytes };
    return {
      impact,
      sentence: impactSentence(impact, null),
      milliseconds: performance.now() - started,
    };
  }

  /** The account of the reference evaluator, among the records held. */
  why(filter: string, row: number, candidate: CandidateText | null): WhyTold {
    const timelines = [always("baseline", this.loaded.ruleSet)];
    if (candidate !== null) timelines.push(always(candidate.name, this.edited(candidate)));
    return explainHeld(this.store, filter, row, timelines);
  }

  private edited({ name, edits }: CandidateText): RuleSet {
    return applyEdits(this.loaded.ruleSet, parseEdits(edits, name)).ruleSet;
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
    const { ruleSet } = this.loaded;
    const { summary } = this.read;
    const { openersDropped } = this.read.openers.facts;
    switch (question) {
      case "evaluate":
        return summaryReport(summary);
      case "check":
        return checkReport({
          check: checkOf(summary, this.openers()),
          summary,
          openersDropped,
        });
      case "usage":
        return usageReport({
          usage: usageOf(this.openers(), ruleSet, summary),
          removal: null,
          summary,
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

  // Not kept: half a kilobyte each, and each question comes once.
  private openers(): readonly JudgedOpener[] {
    return [...this.read.judged()];
  }
}
