import type { LogInput } from "../../analysis/index.js";
import { errorParts, FlowError } from "../../errors.js";
import { doctorFindings, lookAtLogs, usableRules } from "../../inspect/index.js";

import {
  blobLog,
  fileTime,
  inReadingOrder,
  isDoubtfulFile,
  isOtherFile,
  parseFieldList,
  unpackWeb,
} from "../../logs/index.js";

import type { RuleSet } from "../../model/rule-set.js";
import { textOfBytes } from "../../model/text-of-bytes.js";
import { doctorBody } from "../../report/doctor-body.js";
import type { ReportBody } from "../../report/report-body.js";
import {
  fetchCommands,
  isRuleFile,
  type LoadedRules,
  type RuleDocument,
} from "../../rules/index.js";
import type { GivenFile, InputsTold, LogsTold, RulesTold, Zone } from "../protocol.js";
import { datedName, type RulesOverTime, rulesOverTime } from "./dated-rules.js";

/** A log file: read again for every reading. */
export interface LogFile {
  readonly name: string;
  readonly size: number;
  readonly time?: number;
  readonly content: Blob;
  /** Found in a folder under a name that no log need have. */
  readonly doubtful: boolean;
}

/** Rule documents are text of an account's size; more is no such thing. */
const MAX_DOCUMENT = 256 << 20;

/** Chunks of a file as it lies on disk. */
export async function* chunksOf(content: Blob): AsyncGenerator<Uint8Array> {
  const reader = content.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    throw new FlowError("log-broken", error instanceof Error ? error.message : String(error), {
      hint: "the file was moved, changed or withdrawn since it was given: give it again",
    });
  } finally {
    // What is left of it is not wanted; a stream that broke has nothing to cancel.
    reader.cancel().catch(() => {});
  }
}

/** What was given: rule documents by name, and logs in reading order. */
export class Inputs {
  private readonly documents = new Map<string, RuleDocument>();
  private readonly files = new Map<string, LogFile>();
  private leftOut = 0;
  /** Of logs without a header; undefined = as their lines show. */
  fields: readonly string[] | undefined;
  private rules: RulesOverTime | FlowError = rulesOverTime([]);
  private doctor: ReportBody | undefined;

  async give(zone: Zone, files: readonly GivenFile[]): Promise<void> {
    for (const file of files) {
      if (zone === "rules") await this.giveDocument(file);
      else this.giveLog(file);
    }
    this.changed();
  }

  /** Throws `fields-invalid`; what was said before holds then. */
  setFields(text: string): void {
    const isEmpty = text.trim() === "";
    this.fields = isEmpty ? undefined : parseFieldList(text, "the format").fields;
    this.doctor = undefined;
  }

  clear(zone: Zone): void {
    if (zone === "rules") this.documents.clear();
    else {
      this.files.clear();
      this.leftOut = 0;
    }
    this.changed();
  }

  /** Takes the place of all that was given. */
  replaceDocuments(documents: readonly RuleDocument[]): void {
    this.documents.clear();
    this.files.clear();
    this.leftOut = 0;
    for (const document of documents) this.documents.set(document.name, document);
    this.changed();
  }

  get ruleDocuments(): readonly RuleDocument[] {
    return [...this.documents.values()];
  }

  /** Those that are still needed; all where no document can be used. */
  fetchCommands(): readonly string[] {
    const { loaded } = this.rules instanceof FlowError ? rulesOverTime([]) : this.rules;
    return fetchCommands(loaded).flatMap(({ command, needed }) => (needed ? [command] : []));
  }

  /** The rules that hold last, or why there are none: throws what is wrong with the documents. */
  get loaded(): LoadedRules {
    return this.overTime.loaded;
  }

  /** All of them, with their times. */
  get overTime(): RulesOverTime {
    if (this.rules instanceof FlowError) throw this.rules;
    return this.rules;
  }

  /** To be read in this thread, without a stop. */
  logInputs(): readonly LogInput[] {
    return this.logs.map(({ name, size, content, doubtful }) => ({
      name,
      size,
      doubtful,
      open: () => unpackWeb(chunksOf(content), name),
      ranges: () => blobLog(name, content).ranges(),
    }));
  }

  get logs(): readonly LogFile[] {
    return [...this.files.values()].sort(inReadingOrder);
  }

  async told(): Promise<InputsTold> {
    this.doctor ??= await this.examine();
    return { rules: this.rulesTold(), logs: this.logsTold(), doctor: this.doctor };
  }

  private async giveDocument({ name, content, explicit }: GivenFile): Promise<void> {
    if (!explicit && !isRuleFile(datedName(name).path)) return;
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of unpackWeb(chunksOf(content), name)) {
      bytes += chunk.length;
      if (bytes > MAX_DOCUMENT)
        throw new FlowError("document-too-large", "is no rule document: more than 256 MiB", {
          at: name,
          hint: "give the JSON that aws ec2 describe-security-groups and its sisters answer",
        });
      // A copy: the reader uses its memory again.
      chunks.push(chunk.slice());
    }
    const whole = new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
    this.documents.set(name, { name, text: textOfBytes(name, whole), explicit });
  }

  private giveLog({ name, content, explicit }: GivenFile): void {
    if (!explicit && isOtherFile(name)) {
      this.leftOut++;
      return;
    }
    const time = fileTime(name);
    const doubtful = !explicit && isDoubtfulFile(name);
    const file = { name, content, size: content.size, doubtful };
    this.files.set(name, time === undefined ? file : { ...file, time });
  }

  private changed(): void {
    this.doctor = undefined;
    try {
      this.rules = rulesOverTime(this.ruleDocuments);
    } catch (error) {
      if (!(error instanceof FlowError)) throw error;
      this.rules = error;
    }
  }

  private async examine(): Promise<ReportBody> {
    const problems: string[] = [];
    const loaded = this.documents.size === 0 ? undefined : this.lookAtRules(problems);
    const inputs = this.logInputs();
    const logs = inputs.length === 0 ? null : await lookAtLogs(inputs, this.fields, loaded);
    return doctorBody(doctorFindings(logs, loaded, problems));
  }

  /** What can be read of rules of one time where some cannot; of several times nothing then. */
  private lookAtRules(problems: string[]): LoadedRules | undefined {
    if (!(this.rules instanceof FlowError)) return this.rules.loaded;
    return usableRules(this.ruleDocuments, {}, ({ message, hint }) =>
      problems.push(hint === undefined ? message : `${message} (${hint})`),
    );
  }

  private rulesTold(): RulesTold {
    const documents = this.documents.size;
    if (this.rules instanceof FlowError) {
      const problem = errorParts(this.rules);
      const none = { groups: 0, rules: 0, interfaces: 0, periods: [], warnings: [] };
      return { documents, ...none, problem };
    }
    const { loaded, periods, notes } = this.rules;
    const { ruleSet, warnings } = loaded;
    return {
      documents,
      groups: ruleSet.groups.size,
      rules: rulesIn(ruleSet),
      interfaces: ruleSet.interfaces.size,
      periods: periods.map((period, i) => ({
        from: i === 0 ? 0 : period.from,
        rules: rulesIn(period.ruleSet),
      })),
      problem: null,
      warnings: [
        ...notes,
        ...warnings.map(({ at, message, code }) => `${at}: ${message} (${code})`),
      ],
    };
  }

  private logsTold(): LogsTold {
    let bytes = 0;
    for (const { size } of this.files.values()) bytes += size;
    return { files: this.files.size, bytes, leftOut: this.leftOut };
  }
}

function rulesIn({ groups }: RuleSet): number {
  let rules = 0;
  for (const group of groups.values()) rules += group.rules.length;
  return rules;
}
