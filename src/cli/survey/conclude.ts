// How every command over logs ends: its report where it was asked for, then what could not be read, and the exit code.

import type { Summary } from "../../analysis/summary.js";
import { writeAtomically } from "../../node/index.js";
import { plainPaint } from "../../report/paint.js";
import { type Report, renderReport } from "../../report/report.js";
import type { TextOptions } from "../../report/text-options.js";
import { EXIT_INPUT, EXIT_INTERRUPTED, EXIT_OK } from "../exit-code.js";
import { describeFailure } from "../failure.js";
import type { FoundLogs } from "../find-inputs.js";
import type { FormatFlags } from "../format-option.js";
import type { Terminal } from "../terminal.js";
import { type Sources, writeReportFile } from "./report-file.js";

/** Columns of a report that goes to a file. */
const FILE_WIDTH = 100;

/** Writes the report of `--report`, where it is asked for, and then the answer to `--output`, else to stdout, else, where the records have stdout, to stderr. */
export async function writeReport(
  report: Report,
  flags: FormatFlags & {
    readonly output?: string;
    readonly records?: string;
    readonly piped?: boolean;
    readonly report?: string;
  },
  terminal: Terminal,
  sources: Sources = { rules: [], logs: [] },
): Promise<void> {
  if (flags.report !== undefined) await writeReportFile(report, flags.report, flags, sources);
  const render = (form: TextOptions): string => renderReport(report, flags.format, form);
  if (flags.output !== undefined && flags.output !== "-")
    await writeAtomically(flags.output, render({ width: FILE_WIDTH, paint: plainPaint }));
  else if (flags.piped ?? flags.records === "-") terminal.writeTalk(render(terminal.talk));
  else await terminal.write(render(terminal.text));
}

/** Says last, where it is seen, what could not be read, and gives the exit code. */
export function concludeRun(summary: Summary, found: FoundLogs, terminal: Terminal): number {
  for (const error of found.missing) terminal.writeTalk(describeFailure(error).text);
  const { brokenFiles } = summary.coverage;
  for (const { name, message, code } of brokenFiles)
    terminal.warn(
      `flowverdict: ${message.startsWith(name) ? "" : `${name}: `}${message} (${code})`,
    );
  if (summary.partial) return EXIT_INTERRUPTED;
  return brokenFiles.length + found.missing.length === 0 ? EXIT_OK : EXIT_INPUT;
}
