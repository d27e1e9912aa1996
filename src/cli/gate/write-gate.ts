// A gate in the form that was asked for, where it was asked for.

import { appendFile } from "node:fs/promises";
import { writeAtomically } from "../../node/index.js";
import type { GateAnswer } from "../../report/gate-answer.js";
import { gateReport } from "../../report/gate-report.js";
import { gateAsGithub } from "../../report/github.js";
import { stepSummaryMarkdown } from "../../report/github-summary.js";
import { jsonText } from "../../report/json-text.js";
import { gateAsJunit } from "../../report/junit.js";
import { gateAsSarif } from "../../report/sarif.js";
import { writeReport } from "../survey/conclude.js";
import { type Sources, writeReportFile } from "../survey/report-file.js";
import type { Terminal } from "../terminal.js";
import { filePlaces } from "./file-places.js";
import type { GateFormatFlags } from "./gate-format-option.js";

/** Where GitHub Actions takes a step's summary from. */
interface StepEnvironment {
  readonly GITHUB_STEP_SUMMARY?: string | undefined;
}

function machineText(answer: GateAnswer, format: "junit" | "sarif" | "github"): string {
  // Reports for a repository name its files from where the program runs.
  const root = process.cwd();
  switch (format) {
    case "junit":
      return gateAsJunit(answer.result);
    case "sarif":
      return jsonText(gateAsSarif(filePlaces(answer.result), { root }));
    case "github":
      return gateAsGithub(filePlaces(answer.result), root);
  }
}

/** Writes the answer; `github` also appends the step summary, where the environment has a file for it. */
export async function writeGate(
  answer: GateAnswer,
  flags: GateFormatFlags & { readonly output?: string; readonly report?: string },
  terminal: Terminal,
  sources: Sources,
): Promise<void> {
  const { format, output, report } = flags;
  if (format !== "junit" && format !== "sarif" && format !== "github")
    return writeReport(gateReport(answer), { ...flags, format }, terminal, sources);
  if (report !== undefined) await writeReportFile(gateReport(answer), report, flags, sources);
  const text = machineText(answer, format);
  if (output === undefined || output === "-") await terminal.write(text);
  else await writeAtomically(output, text);
  const { GITHUB_STEP_SUMMARY }: StepEnvironment = process.env;
  if (format === "github" && GITHUB_STEP_SUMMARY !== undefined && GITHUB_STEP_SUMMARY !== "")
    // Other commands of the step may have written there too.
    await appendFile(GITHUB_STEP_SUMMARY, stepSummaryMarkdown(answer));
}
