import type { Place } from "../model/rule-set.js";
import {
  GATE_KINDS,
  type GateFinding,
  type GateKind,
  type GateResult,
} from "../questions/index.js";
import { conditionText, KIND_WORDS } from "./gate-words.js";
import { fileUri } from "./sarif-uri.js";
import { TOOL } from "./tool.js";

/** Where GitHub and editors look for the definition of the format. */
const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
const ROOT = "%SRCROOT%";

export interface SarifOptions {
  /** Absolute path of the repository: absolute rule files inside it become relative. */
  readonly root?: string;
}

/** Level of a kind where the finding itself has none to say. */
const DEFAULT_LEVELS: Readonly<Record<GateKind, "error" | "warning" | "note">> = {
  "would-break": "error",
  "newly-pass": "note",
  undetermined: "warning",
  assertion: "error",
  "undecided-assertion": "warning",
  "lint-error": "error",
  fidelity: "error",
  plan: "warning",
  "expired-acceptance": "warning",
  "idle-acceptance": "note",
};

/** `WouldBreak` of `would-break`: names of SARIF rules are Pascal case. */
function pascal(kind: GateKind): string {
  return kind.replace(/(^|-)([a-z])/g, (_, _dash: string, letter: string) => letter.toUpperCase());
}

function ruleDescriptor(kind: GateKind): Record<string, unknown> {
  return {
    id: kind,
    name: pascal(kind),
    shortDescription: { text: `${KIND_WORDS[kind]}.` },
    defaultConfiguration: { level: DEFAULT_LEVELS[kind] },
  };
}

function physicalLocation(at: Place, options: SarifOptions): Record<string, unknown> {
  const { uri, isRelative } = fileUri(at.file, options.root);
  return {
    artifactLocation: isRelative ? { uri, uriBaseId: ROOT } : { uri },
    region: { startLine: at.line, startColumn: at.column },
  };
}

function location(
  at: Place,
  message: string | undefined,
  options: SarifOptions,
): Record<string, unknown> {
  const physical = { physicalLocation: physicalLocation(at, options) };
  return message === undefined ? physical : { ...physical, message: { text: message } };
}

function resultOf(finding: GateFinding, options: SarifOptions): Record<string, unknown> {
  const { kind, level, message, at, related, ruleId, connections, samples, key } = finding;
  const records = samples.map(({ file, line }) => `${file}:${line}`);
  return {
    ruleId: kind,
    ruleIndex: GATE_KINDS.indexOf(kind),
    level,
    message: { text: message },
    locations: at === null ? [] : [location(at, undefined, options)],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((r, id) => ({ id, ...location(r.at, r.message, options) })),
        }),
    partialFingerprints: { "finding/v1": key },
    properties: { connections, ...(ruleId === null ? {} : { rule: ruleId }), records },
  };
}

/** A gate as a SARIF 2.1.0 log: one result per finding, at the line of the rule it is about. */
export function gateAsSarif(
  result: GateResult,
  options: SarifOptions = {},
): Record<string, unknown> {
  return {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: TOOL.name,
            version: TOOL.version,
            semanticVersion: TOOL.version,
            rules: GATE_KINDS.map(ruleDescriptor),
          },
        },
        automationDetails: { id: `${TOOL.name}-gate/${result.candidate}` },
        columnKind: "utf16CodeUnits",
        results: result.findings.map((finding) => resultOf(finding, options)),
        properties: {
          verdict: result.verdict,
          conditions: result.conditions.map((c) => `${c.verdict}, ${conditionText(c)}`),
        },
      },
    ],
  };
}
