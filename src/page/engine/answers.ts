import { type JudgedAndSummarized, surveySummaries } from "../../analysis/index.js";
import { lintRuleSet } from "../../lint/index.js";
import type { JudgedOpener } from "../../model/opener.js";
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
import type { LoadedRules } from "../../rules/index.js";
import type {
  CandidateText,
  CandidateTold,
  EditorGroup,
  ImpactTold,
  Question,
  WhyTold,
} from "../protocol.js";
import { CandidateRules, fixOf } from "./candidate-rules.js";
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
  private readonly candidates: CandidateRules;
  private hits: ReadonlyMap<string, number> | undefined;
  private readonly reports = new Map<Question, Promise<Report>>();

  constructor(
    core: WebAssembly.Module,
    loaded: LoadedRules,
    read: JudgedAndSummarized,
    store: RecordStore,
  ) {
    this.store = store;
    this.candidates = new CandidateRules(loaded.ruleSet);
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

  candidate(candidate: CandidateText): CandidateTold {
    return this.candidates.told(candidate);
  }

  candidateGroup(candidate: CandidateText, group: string): EditorGroup {
    this.hits ??= new Map(this.read.summary.rules.map(({ id, connections }) => [id, connections]));
    return this.candidates.group(candidate, group, this.hits);
  }

  editsOf(candidate: CandidateText, json: string): readonly string[] {
    return this.candidates.editsOf(candidate, json);
  }

  /** What a candidate does to the connections of the log. Rows that it does not change stay numbers. */
  async impact(text: CandidateText, unchanged: boolean): Promise<ImpactTold> {
    const started = performance.now();
    const { ruleSet } = this.loaded;
    const candidate = this.candidates.ruleSet(text);
    const { openers, candidates } = await surveySummaries([this.read.openers], {
      core: this.core,
      baseline: always("baseline", ruleSet),
      candidates: [always(text.name, candidate)],
      openers: unchanged ? "all" : "changed",
    });
    const found = impactOf(openers, ruleSet, candidate, 0, { onlyChanged: !unchanged });
    const { connections, records, bytes } = candidates[0]!;
    const impact = { ...found, connections, records, bytes };
    return {
      impact,
      fixes: impact.list.map(fixOf),
      sentence: impactSentence(impact, null),
      milliseconds: performance.now() - started,
    };
  }

  /** The account of the reference evaluator, among the records held. */
  why(filter: string, row: number, candidate: CandidateText | null): WhyTold {
    const timelines = [always("baseline", this.loaded.ruleSet)];
    if (candidate !== null)
      timelines.push(always(candidate.name, this.candidates.ruleSet(candidate)));
    return explainHeld(this.store, filter, row, timelines);
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
