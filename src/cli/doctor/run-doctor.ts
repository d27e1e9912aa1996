// The work of `doctor`.

import { missingFields } from "../../analysis/missing-fields.js";
import { FIELDS, parseFieldList } from "../../logs/index.js";
import type { LogFile } from "../../node/index.js";
import type {
  DoctorFindings,
  LackingField,
  LogLook,
  LogsFound,
  RulesFound,
} from "../../report/doctor-findings.js";
import { doctorReport } from "../../report/doctor-report.js";
import { renderReport } from "../../report/report.js";
import { fetchCommands, inspectRules, type LoadedRules, loadRuleSet } from "../../rules/index.js";
import type { DoctorFlags } from "../commands/doctor.js";
import { EXIT_INPUT, EXIT_OK } from "../exit-code.js";
import { findInputs } from "../find-inputs.js";
import { loadUsableRules, refuseSharedStdin } from "../load-rules.js";
import type { Terminal } from "../terminal.js";
import { lookAtLog } from "./look-at-log.js";

/** Files looked at, spread evenly over all. */
const MAX_LOOKS = 200;

function spread<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items;
  const step = (items.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, i) => items[Math.round(i * step)]!);
}

async function lookAtLogs(
  files: readonly LogFile[],
  fields: readonly string[] | undefined,
  loaded: LoadedRules | undefined,
): Promise<LogsFound> {
  const chosen = spread(files, MAX_LOOKS);
  const interfaces = new Set<string>();
  const looks: LogLook[] = [];
  for (const file of chosen) looks.push(await lookAtLog(file, fields, interfaces));
  const seen = [...interfaces].sort();
  const known = loaded?.ruleSet;
  return {
    looks,
    notLookedAt: files.length - chosen.length,
    bytes: files.reduce((sum, file) => sum + file.size, 0),
    interfaces: seen,
    undescribed:
      known === undefined || known.attach.length > 0
        ? null
        : seen.filter((id) => !known.interfaces.has(id)),
  };
}

function rulesFound(loaded: LoadedRules): RulesFound {
  const { ruleSet } = loaded;
  let rules = 0;
  for (const group of ruleSet.groups.values()) rules += group.rules.length;
  return {
    groups: ruleSet.groups.size,
    rules,
    interfaces: ruleSet.interfaces.size,
    findings: inspectRules(loaded),
    takenAt: loaded.takenAt ?? null,
    notBefore: loaded.notBefore ?? null,
  };
}

function lackingFields(logs: LogsFound): LackingField[] {
  const formats = logs.looks
    .filter((look) => look.how !== null)
    .map(({ fields }) => ({ fields, records: 1 }));
  return missingFields(formats).map(({ field, cost, records: files }) => ({ field, cost, files }));
}

/** Beyond the default format: what raises a verdict's grade or names the cause of a disagreement. */
const WORTH_ADDING: ReadonlySet<string> = new Set([
  "tcp-flags",
  "pkt-srcaddr",
  "pkt-dstaddr",
  "flow-direction",
  "reject-reason",
  "resource-id",
]);

/** A format with every field that an answer uses, for a new flow log. */
function wantedFormat(): string {
  const wanted = FIELDS.filter(({ version, name }) => version === 2 || WORTH_ADDING.has(name));
  return wanted.map(({ name }) => `\${${name}}`).join(" ");
}

/** How to get logs, where there are none; how their successor should look, where fields are lacking. */
function logCommands(logs: LogsFound | null, lacking: readonly LackingField[]): string[] {
  const describe = "aws ec2 describe-flow-logs --output json > flow-logs.json";
  const sync =
    "aws s3 sync s3://BUCKET/AWSLogs/ACCOUNT/vpcflowlogs/REGION/YYYY/MM/DD/ logs/   # names as flow-logs.json tells";
  if (logs === null) return [describe, sync];
  if (lacking.length === 0) return [];
  return [describe, `# a log format with every field that an answer uses: '${wantedFormat()}'`];
}

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
    logs = await lookAtLogs(found.files, fields, loaded);
  }
  const lacking = logs === null ? [] : lackingFields(logs);
  const found: DoctorFindings = {
    logs,
    rules: loaded === undefined ? null : rulesFound(loaded),
    lacking,
    problems,
    commands: fetchCommands(loaded ?? loadRuleSet([])),
    logCommands: logCommands(logs, lacking),
  };
  await terminal.write(renderReport(doctorReport(found), flags.format, terminal.text));
  const usable = (logs?.looks ?? []).every(
    ({ status }) => status === "recognised" || status === "empty",
  );
  return usable && problems.length === 0 ? EXIT_OK : EXIT_INPUT;
}
