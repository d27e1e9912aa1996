// What `doctor` says of inputs: what was recognised, what is missing, and how to fetch it.

import type { LogInput } from "../analysis/index.js";
import { missingFields } from "../analysis/missing-fields.js";
import { FIELDS } from "../logs/index.js";
import { fetchCommands, inspectRules, type LoadedRules, loadRuleSet } from "../rules/index.js";
import type {
  DoctorFindings,
  LackingField,
  LogLook,
  LogsFound,
  RulesFound,
} from "./doctor-findings.js";
import { lookAtLog } from "./look-at-log.js";

/** Files looked at, spread evenly over all. */
const MAX_LOOKS = 200;

function spread<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items;
  const step = (items.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, i) => items[Math.round(i * step)]!);
}

/** Looks at the beginnings of logs, at 200 at most. */
export async function lookAtLogs(
  logs: readonly LogInput[],
  fields: readonly string[] | undefined,
  loaded: LoadedRules | undefined,
): Promise<LogsFound> {
  const chosen = spread(logs, MAX_LOOKS);
  const interfaces = new Set<string>();
  const looks: LogLook[] = [];
  for (const log of chosen) looks.push(await lookAtLog(log, fields, interfaces));
  const seen = [...interfaces].sort();
  const known = loaded?.ruleSet;
  return {
    looks,
    notLookedAt: logs.length - chosen.length,
    bytes: logs.reduce((sum, { size }) => sum + (size ?? 0), 0),
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

/** Everything together; `null` and `undefined` = none given, `problems` = what could not be read or loaded at all. */
export function doctorFindings(
  logs: LogsFound | null,
  loaded: LoadedRules | undefined,
  problems: readonly string[],
): DoctorFindings {
  const lacking = logs === null ? [] : lackingFields(logs);
  return {
    logs,
    rules: loaded === undefined ? null : rulesFound(loaded),
    lacking,
    problems,
    commands: fetchCommands(loaded ?? loadRuleSet([])),
    logCommands: logCommands(logs, lacking),
  };
}
