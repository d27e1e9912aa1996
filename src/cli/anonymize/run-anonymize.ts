// The work of `anonymize`: a case in a folder, and the proof that it is judged as the original is.

import { join } from "node:path";
import type { EvaluateOptions } from "../../analysis/index.js";
import { Mapping } from "../../anonymize/index.js";
import { findLogs, writeFolder } from "../../node/index.js";
import { logInput, logInputs } from "../../node/log-input.js";
import { counted, timestamp } from "../../report/quantity.js";
import type { AnonymizeFlags } from "../commands/anonymize.js";
import { EXIT_GATE, EXIT_INPUT, EXIT_OK } from "../exit-code.js";
import { describeFailure } from "../failure.js";
import { findInputs } from "../find-inputs.js";
import { allOrNothing } from "../interrupt.js";
import { refuseSharedStdin } from "../load-rules.js";
import { judgingOptions, loadBaseline } from "../survey/judging-options.js";
import { loadTimeline } from "../survey/load-timeline.js";
import type { Terminal } from "../terminal.js";
import { type Comparison, compareCase } from "./compare-case.js";
import { readKey } from "./read-key.js";
import { type WrittenLog, type WrittenRules, writeLogs, writeRules } from "./write-case.js";

/** What no mapping of addresses can keep. */
const WHY =
  "who opened a connection may hang on how the addresses of many far ends fall into a sketch (semantics 4.3), or on their order (7.1)";
const FILLED = "choose another --output, or remove the folder first";

/** Runs `anonymize` and gives its exit code; what was refused is thrown. */
export async function runAnonymize(
  paths: readonly string[],
  flags: AnonymizeFlags,
  terminal: Terminal,
): Promise<number> {
  refuseSharedStdin(paths, flags.rules);
  return allOrNothing(terminal, (signal) => makeCase(paths, flags, terminal, signal));
}

async function makeCase(
  paths: readonly string[],
  flags: AnonymizeFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const key = await readKey(flags.anonymize);
  const baseline = await loadBaseline(flags, terminal);
  const { timeline } = baseline;
  const mapping = new Mapping(
    key,
    timeline.periods.map(({ ruleSet }) => ruleSet),
  );
  const judging = await judgingOptions(flags, baseline, terminal, signal);
  const [first, ...later] = timeline.periods;
  const options: EvaluateOptions = { ...judging, ruleSet: first!.ruleSet, later };
  const found = await findInputs(paths, {}, terminal);
  const inputs = logInputs(found.files, signal);
  const made = await writeFolder(flags.output, FILLED, async (folder): Promise<Case> => {
    const rules = await writeRules(folder, timeline, mapping);
    const logs = await writeLogs(folder, inputs, judging.fields, mapping, signal, (log) =>
      sayLog(log, terminal),
    );
    const written = await findLogs(logs.map((log) => join(folder, "logs", log.written)));
    const mapped = await mappedOptions(folder, rules, flags, judging, mapping, terminal);
    const comparison = await compareCase(
      logs,
      { inputs, options },
      { inputs: written.map((file) => logInput(file)), options: mapped },
    );
    signal.throwIfAborted();
    return { rules, logs, comparison, mapping };
  });
  sayCase(flags, made, terminal);
  for (const error of found.missing) terminal.writeTalk(describeFailure(error).text);
  if (found.missing.length > 0 || made.logs.some(({ broken }) => broken !== undefined))
    return EXIT_INPUT;
  return made.comparison.differing === 0 ? EXIT_OK : EXIT_GATE;
}

/** The rules as they were written, read back. */
async function mappedOptions(
  folder: string,
  rules: readonly WrittenRules[],
  flags: AnonymizeFlags,
  judging: Omit<EvaluateOptions, "ruleSet" | "later">,
  { names }: Mapping,
  terminal: Terminal,
): Promise<EvaluateOptions> {
  const { timeline } = await loadTimeline(
    {
      paths: rules.map(({ written, from }) => dated(join(folder, written), from)),
      interfaces: [],
      attach: (flags.attach ?? []).map((id) => names.id(id)),
      snapshotComplete: flags.snapshotComplete === true,
    },
    { ...terminal, say: () => {} },
  );
  const { fields: _, ...rest } = judging;
  const [first, ...later] = timeline.periods;
  return { ...rest, ruleSet: first!.ruleSet, later };
}

function dated(path: string, from: number): string {
  return from === 0 ? path : `${path}@${from}`;
}

function sayLog({ name, broken, malformed }: WrittenLog, terminal: Terminal): void {
  if (broken !== undefined) terminal.writeTalk(describeFailure(broken).text);
  if (malformed > 0)
    terminal.say(
      `note: ${name}: ${counted(malformed, "line")} that ${malformed === 1 ? "is no record is" : "are no records are"} left out`,
    );
}

interface Case {
  readonly rules: readonly WrittenRules[];
  readonly logs: readonly WrittenLog[];
  readonly comparison: Comparison;
  readonly mapping: Mapping;
}

function sayCase(
  flags: AnonymizeFlags,
  { rules, logs, comparison, mapping }: Case,
  terminal: Terminal,
): void {
  const { records, differing, otherReason, samples } = comparison;
  terminal.say(
    `${counted(records, "record")} of ${counted(logs.length, "log")} in ${flags.output}, without names and descriptions. ` +
      "Times, ports, volumes, regions and what kind an address is are as they were.",
  );
  const paths = rules.map(({ written, from }) =>
    from === 0
      ? join(flags.output, written)
      : `${join(flags.output, written)}@${timestamp(from).replace(" ", "T").replace(" UTC", "Z")}`,
  );
  const attach = (flags.attach ?? []).map((id) => ` --attach ${mapping.names.id(id)}`).join("");
  const complete = flags.snapshotComplete === true ? " --snapshot-complete" : "";
  if (otherReason > 0)
    terminal.say(
      `note: ${counted(otherReason, "record")} ${otherReason === 1 ? "has its verdict" : "have their verdicts"} for another reason: ${WHY}`,
    );
  if (differing === 0) terminal.say("The same verdicts, record by record:");
  else {
    terminal.warn(
      `warning: ${counted(differing, "record")} ${differing === 1 ? "is" : "are"} judged otherwise: ${WHY}; another key may do`,
    );
    for (const { log, line, before, after } of samples)
      terminal.warn(`  ${log.name}:${line} (${log.written}): ${before} became ${after}`);
  }
  terminal.say(
    `  flowverdict evaluate ${join(flags.output, "logs")} --rules ${paths.join(" ")}${attach}${complete}`,
  );
}
