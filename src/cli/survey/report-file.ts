// `--report FILE`: the answer once more, to be kept: as HTML or Markdown, with what it was made of.

import { createHash } from "node:crypto";
import { FlowError } from "../../errors.js";
import { hashFile } from "../../node/hash-file.js";
import { findRuleFiles, type LogFile, type RuleFile, writeAtomically } from "../../node/index.js";
import { type Origin, type OriginFile, originSection } from "../../report/origin.js";
import { renderHtml } from "../../report/render-html.js";
import { renderMarkdown } from "../../report/render-markdown.js";
import { kept, type Report } from "../../report/report.js";
import type { ReportBody } from "../../report/report-body.js";
import { TOOL } from "../../report/tool.js";

/** Files that an answer rests on. */
export interface Sources {
  readonly rules: readonly string[];
  readonly logs: readonly LogFile[];
}

/** Options about where and how the answer is shown, not about what it says. */
const OF_FORM: ReadonlySet<string> = new Set([
  ..."format json output report records recordsFormat allowOut denyOut unknownOut planOut rules".split(
    " ",
  ),
  ..."quiet verbose color progress config piped jobs".split(" "),
]);

type Render = (body: ReportBody) => string;

const FORMS: readonly (readonly [ending: string, render: Render])[] = [
  [".html", renderHtml],
  [".htm", renderHtml],
  [".md", renderMarkdown],
  [".markdown", renderMarkdown],
];

/** The form of `--report FILE` by its ending. Throws `report-format` where that names none. */
export function reportForm(path: string): Render {
  const name = path.toLowerCase();
  const render = FORMS.find(([ending]) => name.endsWith(ending))?.[1];
  if (render !== undefined) return render;
  throw new FlowError("report-format", "the name does not tell the form of the report", {
    at: path,
    hint: "end it in .html or .md",
  });
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function optionName(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function optionsOf(flags: object): Origin["options"] {
  return Object.entries(flags)
    .filter(([key, value]) => !OF_FORM.has(key) && value !== undefined)
    .map(([key, value]) => [optionName(key), valueText(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join(", ");
  if (value instanceof Map)
    return [...value].map(([name, part]) => `${name}=${valueText(part)}`).join(" ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

async function filesOf({ rules, logs }: Sources): Promise<readonly OriginFile[]> {
  const files: OriginFile[] = [];
  const add = async (
    role: OriginFile["role"],
    { name, path }: RuleFile | LogFile,
  ): Promise<void> => {
    const found = await hashFile(path);
    files.push({ role, name, bytes: found?.bytes ?? null, sha256: found?.sha256 ?? null });
  };
  for (const file of await findRuleFiles(rules)) await add("rules", file);
  for (const file of logs) await add("log", file);
  return files;
}

async function originOf(flags: object, sources: Sources): Promise<Origin> {
  const files = await filesOf(sources);
  const all = createHash("sha256");
  for (const { name, sha256 } of files) all.update(`${sha256 ?? "-"}  ${name}\n`);
  return {
    command: [TOOL.name, ...process.argv.slice(2)].map(quoted).join(" "),
    options: optionsOf(flags),
    files,
    allFiles: all.digest("hex"),
  };
}

/** Writes the report with what it was made of: every file is read once more for its hash. */
export async function writeReportFile(
  report: Report,
  path: string,
  flags: object,
  sources: Sources,
): Promise<void> {
  const render = reportForm(path);
  const origin = originSection(await originOf(flags, sources));
  await writeAtomically(path, render(kept(report.body(), [origin])));
}
