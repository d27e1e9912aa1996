import { printable } from "../model/printable.js";
import type { GateFinding, GateLevel, GateResult } from "../questions/index.js";
import { verdictText } from "./gate-words.js";
import { counted } from "./quantity.js";
import { fileUri } from "./sarif-uri.js";

/** GitHub shows this many annotations of a level per step (documented); more would be dropped without a word. */
export const MOST_ANNOTATIONS: number = 10;

const COMMANDS: Readonly<Record<GateLevel, string>> = {
  error: "error",
  warning: "warning",
  note: "notice",
};

/** Message of a workflow command: percent signs and line ends are escaped. */
function escapeData(text: string): string {
  const kept = text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  return printable(kept);
}

/** Value of a property: colons and commas too, for they separate. */
function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

function annotation(finding: GateFinding, root: string | undefined): string {
  const { level, at, message, samples } = finding;
  const records = samples.map(({ file, line }) => `${file}:${line}`).join(", ");
  const text = records === "" ? message : `${message}\nrecords ${records}`;
  const properties: [string, string][] = [];
  if (at !== null) {
    // Annotations name paths, not URIs.
    const { uri, isRelative } = fileUri(at.file, root);
    properties.push(["file", isRelative ? decodeURIComponent(uri) : at.file]);
    properties.push(["line", String(at.line)], ["col", String(at.column)]);
  }
  properties.push(["title", finding.kind]);
  const list = properties.map(([name, value]) => `${name}=${escapeProperty(value)}`).join(",");
  return `::${COMMANDS[level]} ${list}::${escapeData(text)}`;
}

/**
 * A gate as workflow commands of GitHub Actions, a line each: at most ten, errors first; the last one of them counts
 * the rest. `root`: absolute path of the repository.
 */
export function gateAsGithub(result: GateResult, root?: string): string {
  const { findings } = result;
  const fits = findings.length <= MOST_ANNOTATIONS;
  const shown = findings.slice(0, fits ? MOST_ANNOTATIONS : MOST_ANNOTATIONS - 1);
  const lines = shown.map((finding) => annotation(finding, root));
  if (!fits) {
    const rest = counted(findings.length - shown.length, "more finding");
    const command = result.verdict === "fail" ? "error" : "notice";
    lines.push(`::${command} title=gate::${escapeData(`${verdictText(result)}, ${rest}`)}`);
  }
  return lines.map((line) => `${line}\n`).join("");
}
