import type { AssertionResult, GateFinding, GateResult } from "../questions/index.js";
import { conditionText, placeText } from "./gate-words.js";
import { TOOL } from "./tool.js";

/** What XML 1.0 cannot hold, not even escaped. */
const NOT_XML =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must be found
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

function escapeXml(text: string): string {
  return text.replace(NOT_XML, "\ufffd").replace(/[&<>"'\t\n\r]/g, (c) => ESCAPES[c] ?? c);
}

function attributes(pairs: Readonly<Record<string, string | number>>): string {
  return Object.entries(pairs)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join("");
}

type Outcome =
  | { readonly kind: "pass" }
  | {
      readonly kind: "skipped" | "failure";
      readonly message: string;
      readonly lines: readonly string[];
    };

interface TestCase {
  readonly suite: string;
  readonly name: string;
  readonly file: string | undefined;
  readonly outcome: Outcome;
}

function findingLine({
  message,
  at,
  samples,
}: Pick<GateFinding, "message" | "at" | "samples">): string {
  const records = samples.map(({ file, line }) => `${file}:${line}`).join(", ");
  return `${placeText(at)}: ${message}${records === "" ? "" : ` [records ${records}]`}`;
}

function conditionCases(result: GateResult): TestCase[] {
  return result.conditions.map((condition) => {
    const kind = condition.what === "fidelity-below" ? "fidelity" : condition.what;
    const findings = result.findings.filter((finding) => finding.kind === kind);
    const outcome: Outcome =
      condition.verdict === "pass"
        ? { kind: "pass" }
        : { kind: "failure", message: conditionText(condition), lines: findings.map(findingLine) };
    return { suite: "conditions", name: condition.what, file: undefined, outcome };
  });
}

function assertionOutcome(result: AssertionResult, undecidedFails: boolean): Outcome {
  const { verdict, settledBy } = result;
  if (verdict === "pass") return { kind: "pass" };
  const findings = result.evidence.flatMap(({ findings: list }) =>
    list.filter((finding) => finding.verdict === verdict),
  );
  const lines = findings.map(({ at, message, samples }) =>
    findingLine({ at: at ?? result.assertion.at, message, samples }),
  );
  const failed = verdict === "fail" || undecidedFails;
  const message = verdict === "fail" ? `violated, by ${settledBy}` : "undecided";
  return { kind: failed ? "failure" : "skipped", message, lines };
}

function cases(result: GateResult): TestCase[] {
  const assertions = result.assertions.map(
    (answer): TestCase => ({
      suite: "assertions",
      name: answer.assertion.title,
      file: answer.assertion.at.file,
      outcome: assertionOutcome(answer, result.undecidedFails),
    }),
  );
  const accepted = result.accepted.map(({ acceptance, state, connections }): TestCase => {
    const words = `accepted until ${acceptance.expires} by ${acceptance.owner}`;
    const outcome: Outcome =
      state === "in-force"
        ? { kind: "pass" }
        : {
            kind: "skipped",
            message: `${words}, and expired`,
            lines: [`${connections} connections`],
          };
    return { suite: "accepted", name: acceptance.title, file: acceptance.at.file, outcome };
  });
  return [...conditionCases(result), ...assertions, ...accepted];
}

function caseXml({ suite, name, file, outcome }: TestCase): string[] {
  const head = attributes({
    name,
    classname: `${TOOL.name}.gate.${suite}`,
    ...(file === undefined ? {} : { file }),
  });
  if (outcome.kind === "pass") return [`    <testcase${head}/>`];
  const message = attributes({ message: outcome.message });
  // A skipped test has no text in the schemas that readers check.
  const inside =
    outcome.kind === "skipped"
      ? `      <skipped${message}/>`
      : `      <failure${message} type="gate">${escapeXml(outcome.lines.join("\n"))}</failure>`;
  return [`    <testcase${head}>`, inside, "    </testcase>"];
}

/**
 * A gate as JUnit XML: a test per condition, assertion and accepted change. An undecided assertion and an expired
 * acceptance are skipped tests, unless undecided ones fail. UTF-8, ends in a line feed; no times, so that it repeats.
 */
export function gateAsJunit(result: GateResult): string {
  const all = cases(result);
  const count = (kind: Outcome["kind"]): number =>
    all.filter(({ outcome }) => outcome.kind === kind).length;
  const counts = {
    tests: all.length,
    failures: count("failure"),
    errors: 0,
    skipped: count("skipped"),
  };
  const total = { tests: counts.tests, failures: counts.failures, errors: 0 };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: `${TOOL.name} gate`, ...total })}>`,
    `  <testsuite${attributes({ name: `${TOOL.name} gate: ${result.candidate}`, ...counts })}>`,
    ...all.flatMap(caseXml),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}
