// A report as GitHub Markdown: for a pull request, a step summary, a ticket.

import { markdownCode, markdownFence, markdownText } from "./markdown-text.js";
import type {
  Block,
  Cell,
  Column,
  Item,
  Pair,
  Places,
  ReportBody,
  Row,
  Table,
} from "./report-body.js";

function inline(cell: Cell): string {
  if (typeof cell === "string") return markdownText(cell);
  return cell.code === true ? markdownCode(cell.text) : markdownText(cell.text);
}

function tableCell(cell: Cell, column: Column): string {
  const text = typeof cell === "string" ? cell : cell.text;
  return column.code === true ? markdownCode(text) : inline(cell);
}

function detailText(detail: Cell | Places): string {
  if (typeof detail === "object" && "places" in detail)
    return detail.places.map(markdownCode).join(" ");
  return inline(detail);
}

function rowLine(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function detailsOf({ details }: Row): string {
  return (details ?? [])
    .map(detailText)
    .filter((text) => text !== "")
    .join("<br>");
}

function tableLines({ columns, rows, none, foot }: Table): string[] {
  const below = (foot ?? []).flatMap((sentence) => ["", markdownText(sentence)]);
  if (rows.length === 0 && none !== undefined) return [markdownText(none), ...below];
  const detailed = rows.some((row) => detailsOf(row) !== "");
  const titles = columns.map(({ title }) => markdownText(title));
  const rules = columns.map(({ align }) => (align === "right" ? "--:" : "---"));
  return [
    rowLine(detailed ? [...titles, ""] : titles),
    rowLine(detailed ? [...rules, "---"] : rules),
    ...rows.map((row) => {
      const cells = columns.map((column, i) => tableCell(row.cells[i] ?? "", column));
      return rowLine(detailed ? [...cells, detailsOf(row)] : cells);
    }),
    ...below,
  ];
}

function pairLine([label, value]: Pair): string {
  return label === "" ? `  - ${inline(value)}` : `- **${markdownText(label)}**: ${inline(value)}`;
}

function itemLines({ mark, text, details }: Item): string[] {
  const lead = mark === undefined ? "" : `${inline(mark)} `;
  return [
    `- ${lead}${inline(text)}`,
    ...(details ?? []).map((detail) => `  <br>${inline(detail)}`),
  ];
}

function blockLines(block: Block): string[] {
  switch (block.kind) {
    case "paragraph":
      return [inline(block.text)];
    case "note":
      return [`> ${inline(block.text)}`];
    case "lines":
      return [block.lines.map(inline).join("<br>\n")];
    case "pairs":
      return block.pairs.map(pairLine);
    case "table":
      return tableLines(block);
    case "list":
      return block.items.flatMap(itemLines);
    case "code":
      return markdownFence(block.lines);
  }
}

/** The report as GitHub Markdown, its title a heading of the second level. Deterministic; ends in a line feed. */
export function renderMarkdown(body: ReportBody): string {
  const lines = [`## ${markdownText(body.title)}`];
  for (const block of body.lead) lines.push("", ...blockLines(block));
  for (const { heading, blocks } of body.sections) {
    lines.push("", `### ${markdownText(heading)}`);
    for (const block of blocks) lines.push("", ...blockLines(block));
  }
  return `${lines.join("\n")}\n`;
}
