// A report as one HTML file: nothing is fetched, nothing runs, every text of logs and rules is escaped.

import { HTML_STYLE, HTML_STYLE_HASH } from "./html-style.js";
import { htmlText } from "./html-text.js";
import { renderPlot } from "./render-plot.js";
import type {
  Block,
  Cell,
  Column,
  Item,
  Pair,
  Places,
  ReportBody,
  Row,
  Section,
  Table,
} from "./report-body.js";
import { TOOL } from "./tool.js";

function codeHtml(text: string): string {
  return `<code>${htmlText(text)}</code>`;
}

function inline(cell: Cell): string {
  if (typeof cell === "string") return htmlText(cell);
  const shown = cell.code === true ? codeHtml(cell.text) : htmlText(cell.text);
  const { style = "plain" } = cell;
  return style === "plain" ? shown : `<span class="${style}">${shown}</span>`;
}

function detailHtml(detail: Cell | Places): string {
  if (typeof detail === "object" && "places" in detail)
    return detail.places.map(codeHtml).join(" ");
  return inline(detail);
}

function alignment({ align }: Column): string {
  return align === "right" ? ' class="num"' : "";
}

function cellHtml(cell: Cell, column: Column): string {
  const isCode = column.code === true && (typeof cell === "string" || cell.code !== true);
  const shown = isCode ? `<code>${inline(cell)}</code>` : inline(cell);
  return `<td${alignment(column)}>${shown}</td>`;
}

function rowHtml({ cells, details = [] }: Row, columns: readonly Column[]): string {
  const row = `<tr>${columns.map((column, i) => cellHtml(cells[i] ?? "", column)).join("")}</tr>`;
  const more = details.map(detailHtml).filter((text) => text !== "");
  if (more.length === 0) return row;
  return `${row}\n<tr class="more"><td colspan="${columns.length}">${more.join("<br>")}</td></tr>`;
}

function tableHtml({ columns, rows, none, foot }: Table, label: string): string {
  const below = (foot ?? []).map((sentence) => `<p class="faint">${htmlText(sentence)}</p>`);
  if (rows.length === 0 && none !== undefined)
    return [`<p>${htmlText(none)}</p>`, ...below].join("\n");
  const head = columns.map((column) =>
    column.title === ""
      ? "<td></td>"
      : `<th scope="col"${alignment(column)}>${htmlText(column.title)}</th>`,
  );
  return [
    // What scrolls must be reachable by keyboard, and have a name there.
    `<div class="scroll" role="region" tabindex="0" aria-label="${htmlText(label)}"><table>`,
    `<thead><tr>${head.join("")}</tr></thead>`,
    `<tbody>`,
    ...rows.map((row) => rowHtml(row, columns)),
    `</tbody></table></div>`,
    ...below,
  ].join("\n");
}

/** A value without a label belongs to the label above it. */
function pairsHtml(list: readonly Pair[]): string {
  const lines = list.map(([label, value]) => {
    const term = label === "" ? "" : `<dt>${htmlText(label)}</dt>`;
    return `${term}<dd>${inline(value)}</dd>`;
  });
  return `<dl>${lines.join("\n")}</dl>`;
}

function itemHtml({ mark, text, details = [] }: Item): string {
  const lead = mark === undefined ? "•" : inline(mark);
  const more = details.map((detail) => `<div class="sub">${inline(detail)}</div>`);
  return `<li><span>${lead}</span><div>${inline(text)}</div>${more.join("")}</li>`;
}

function blockHtml(block: Block, label: string): string {
  switch (block.kind) {
    case "paragraph":
      return `<p>${inline(block.text)}</p>`;
    case "note":
      return `<p class="note" role="note">${inline(block.text)}</p>`;
    case "lines":
      return `<p>${block.lines.map(inline).join("<br>\n")}</p>`;
    case "pairs":
      return pairsHtml(block.pairs);
    case "table":
      return tableHtml(block, label);
    case "list":
      return `<ul class="list">${block.items.map(itemHtml).join("\n")}</ul>`;
    case "code":
      return `<pre tabindex="0">${block.lines.map(htmlText).join("\n")}</pre>`;
  }
}

function sectionHtml({ heading, blocks, plots = [] }: Section, number: number): string {
  const id = `s${number + 1}`;
  return [
    // Not named by its heading: its tables are the landmarks, and landmarks need names of their own.
    `<section><h2 id="${id}">${htmlText(heading)}</h2>`,
    ...plots.map(renderPlot),
    ...blocks.map((block, i) => blockHtml(block, i === 0 ? heading : `${heading}, ${i + 1}`)),
    `</section>`,
  ].join("\n");
}

/** Scripts, requests, frames and forms are forbidden; the one style is known by its hash. */
const POLICY = `default-src 'none'; style-src 'sha256-${HTML_STYLE_HASH}'; base-uri 'none'; form-action 'none'`;

/** The report as a whole document. Deterministic; ends in a line feed. */
export function renderHtml({ title, lead, sections }: ReportBody): string {
  const contents = sections.map(
    ({ heading }, i) => `<li><a href="#s${i + 1}">${htmlText(heading)}</a></li>`,
  );
  const lines = [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${htmlText(title)}</title>`,
    `<style>${HTML_STYLE}</style>`,
    "</head>",
    "<body>",
    "<main>",
    `<h1>${htmlText(title)}</h1>`,
    ...lead.map((block) => blockHtml(block, title)),
    `<nav aria-label="Contents"><ul>${contents.join("")}</ul></nav>`,
    ...sections.map(sectionHtml),
    "</main>",
    `<footer>${htmlText(`${TOOL.name} ${TOOL.version}`)}. Times are UTC.</footer>`,
    "</body>",
    "</html>",
  ];
  return `${lines.join("\n")}\n`;
}
