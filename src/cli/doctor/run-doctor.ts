// The work of `doctor`.

import { doctorFindings, type LogsFound, lookAtLogs } from "../../inspect/index.js";
import { parseFieldList } from "../../logs/index.js";
import { logInput } from "../../node/log-input.js";
import { doctorReport } from "../../report/doctor-report.js";
import { renderReport } from "../../report/report.js";
import type { LoadedRules } from "../../rules/index.js";
import type { DoctorFlags } from "../commands/doctor.js";
import { EXIT_INPUT, EXIT_OK } from "../exit-code.js";
import { findInputs } from "../find-inputs.js";
import { loadUsableRules, refuseSharedStdin } from "../load-rules.js";
import type { Terminal } from "../terminal.js";

async function tryRules(
  flags: DoctorFlags,
  terminal: Terminal,
  problems: string[],
): Promise<LoadedRules | undefined> {
  const given = flags.rules ?? [];
  if (given.length === 0 && flags.interface === undefined && flags.attach === undefined)
    return undefined;
  return loadUsableRules(
    {
      paths: given,
      interfaces: flags.interface ?? [],
      attach: flags.attach ?? [],
      snapshotComplete: flags.snapshotComplete === true,
      parameters: flags.parameters ?? [],
    },
    terminal,
    ({ message, hint }) => problems.push(`${message}${hint === undefined ? "" : ` (${hint})`}`),
  );
}

/** Runs `doctor` and gives its exit code: 2 where something given cannot be used. */
export async function runDoctor(
  paths: readonly string[],
  flags: DoctorFlags,
  terminal: Terminal,
): Promise<number> {
  refuseSharedStdin(paths, flags.rules ?? []);
  const problems: string[] = [];
  const fields = flags.fields === undefined ? undefined : parseFieldList(flags.fields).fields;
  const loaded = await tryRules(flags, terminal, problems);
  let logs: LogsFound | null = null;
  if (paths.length > 0) {
    const found = await findInputs(paths, {}, terminal);
    problems.push(...found.missing.map((error) => error.message));
    logs = await lookAtLogs(
      found.files.map((file) => logInput(file)),
      fields,
      loaded,
    );
  }
  const found = doctorFindings(logs, loaded, problems);
  await terminal.write(renderReport(doctorReport(found), flags.format, terminal.text));
  const usable = (logs?.looks ?? []).every(
    ({ status }) => status === "recognised" || status === "empty" || status === "other",
  );
  return usable && problems.length === 0 ? EXIT_OK : EXIT_INPUT;
}
