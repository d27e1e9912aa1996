// The tables of README.md and docs/BENCHMARKS.md, between their marks, made of bench/results.json.
//   node bench/render.mjs

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { CASES } from "./cases.mjs";
import { CURVES } from "./curves.mjs";
import { ROOT } from "./lib/measure.mjs";

const grouped = (value) => Math.round(value).toLocaleString("en-US");

function figure(value, unit) {
  if (unit === "ms") return `${value.toFixed(0)} ms`;
  if (unit === "s") return `${value.toFixed(2)} s`;
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

const seconds = (value) => value.toFixed(value < 0.1 ? 4 : 2);

function verdict({ ratio, goal, stretch, less }) {
  const reaches = (mark) => (less === true ? ratio <= mark : ratio >= mark);
  if (stretch !== undefined && reaches(stretch)) return "yes, and the further one";
  return reaches(goal) ? "yes" : "no";
}

function goalText({ goal, stretch, unit, less }) {
  const sign = less === true ? "at most" : "at least";
  const further = stretch === undefined ? "" : ` (${stretch})`;
  return `${sign} ${unit === "ms" || unit === "s" ? `${goal} ${unit}` : `${goal}${further}`}`;
}

function answerText(answer) {
  const verdicts = answer?.verdicts ?? answer;
  if (verdicts?.allow !== undefined)
    return `${grouped(verdicts.allow)} / ${grouped(verdicts.deny)} / ${grouped(verdicts.unknown)}`;
  if (answer?.admitted !== undefined) return `${grouped(answer.admitted)} admitted, stateless`;
  return "";
}

function summaryRow(one) {
  const asked = `| ${one.title.replaceAll("|", "\\|")} | ${goalText(one)} |`;
  if (one.around === undefined) return `${asked} | not run yet |`;
  if (one.fault !== undefined) return `${asked} | ${one.fault} |`;
  return `${asked} ${figure(one.ratio, one.unit)} | ${verdict(one)} |`;
}

function summaryTable(cases) {
  return [
    "| measured | goal | found | reached |",
    "|---|--:|--:|---|",
    ...cases.map(summaryRow),
  ].join("\n");
}

function caseTables(cases) {
  return cases
    .filter(({ fault }) => fault === undefined)
    .map((one) =>
      [
        `### ${one.title}`,
        "",
        `${one.records > 0 ? `${grouped(one.records)} records, ` : ""}medians of ${one.runs} rounds, commit ${one.around.commit}, ${one.around.date}.${one.note === undefined ? "" : ` ${one.note}.`}`,
        "",
        "| | wall s | processor s | records/s | peak MB | allow / deny / unknown |",
        "|---|--:|--:|--:|--:|---|",
        ...one.rows.map(
          ({ name, wall, cpu, memory, answer }) =>
            `| ${name.replaceAll("|", "\\|")} | ${seconds(wall)} | ${seconds(cpu)} | ${one.records > 0 ? grouped(one.records / wall) : ""} | ${memory > 0 ? grouped(memory / 1e6) : ""} | ${answerText(answer)} |`,
        ),
      ].join("\n"),
    )
    .join("\n\n");
}

const BAR = 40;

/** A text plot: a bar a point, as long as its records a second. */
function curvePlots(curves) {
  return CURVES.filter(({ id }) => curves[id] !== undefined)
    .map(({ id }) => {
      const { title, points, around } = curves[id];
      const rates = points.map(({ records, wall }) => records / wall);
      const most = Math.max(...rates);
      const labels = points.map(({ point }) =>
        typeof point === "number" ? grouped(point) : String(point),
      );
      const width = Math.max(...labels.map(({ length }) => length));
      const lines = rates.map((rate, index) => {
        const bar = "#".repeat(Math.max(1, Math.round((rate / most) * BAR)));
        const { memory } = points[index];
        return `${labels[index].padStart(width)}  ${bar.padEnd(BAR)}  ${grouped(rate)} records/s, ${grouped(memory / 1e6)} MB`;
      });
      return [
        `### By ${title}`,
        "",
        `Commit ${around.commit}.`,
        "",
        "```text",
        ...lines,
        "```",
      ].join("\n");
    })
    .join("\n\n");
}

function machineText(cases) {
  const { around } = cases.at(-1);
  return `${around.machine}, ${grouped(around.memory / 2 ** 30)} GiB, Node ${around.node}, DuckDB ${around.duckdb}, csv-parse ${around.csvParse}, ${around.gzip}, ${around.gcc}, DPDK ${around.dpdk}.`;
}

/** The text with what stands between `<!-- NAME -->` and `<!-- /NAME -->` replaced. */
function between(text, name, content) {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const begin = text.indexOf(open);
  const end = text.indexOf(close);
  if (begin < 0 || end < begin) throw new Error(`no ${open} ... ${close}`);
  return `${text.slice(0, begin + open.length)}\n${content}\n${text.slice(end)}`;
}

/** Writes all tables anew. */
export function render({ cases: kept, curves = {} }) {
  const cases = CASES.map(({ id }) => kept[id]).filter((one) => one !== undefined);
  if (cases.length === 0) return;
  const write = (path, parts) => {
    const file = join(ROOT, path);
    let text = readFileSync(file, "utf8");
    for (const [name, content] of Object.entries(parts)) text = between(text, name, content);
    writeFileSync(file, text);
  };
  const missing = CASES.length - cases.length;
  const further = missing === 0 ? "" : `\n\n${missing} further cases are not run yet.`;
  write("README.md", { speed: `${machineText(cases)}\n\n${summaryTable(cases)}${further}` });
  write("docs/BENCHMARKS.md", {
    machine: machineText(cases),
    goals: summaryTable(CASES.map((one) => kept[one.id] ?? one)),
    curves: curvePlots(curves),
    cases: caseTables(cases),
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  render(JSON.parse(readFileSync(join(ROOT, "bench", "results.json"), "utf8")));
