// A report for a terminal, a file or a pipe: aligned, wrapped, coloured where colours are wanted.

import { printable } from "../model/printable.js";
import type { Block, Cell, Item, Pair, ReportBody, Table } from "./report-body.js";
import type { TextOptions } from "./text-options.js";
import { cellStyle, cellText, textTable } from "./text-table.js";
import { wrap } from "./wrap.js";

const INDENT = 2;
/** A value is never squeezed below this by a long label. */
const MIN_VALUE_WIDTH = 20;

function wrapped(cell: Cell, indent: number, { width, paint }: TextOptions): string[] {
  return wrap(cellText(cell), width - indent).map(
    (line) => " ".repeat(indent) + paint(cellStyle(cell), line),
  );
}

/** Lines `  label  value`, values wrapped under themselves. */
function pairLines(list: readonly Pair[], { width, paint }: TextOptions): string[] {
  const labelWidth = list.reduce((widest, [label]) => Math.max(widest, label.length), 0);
  const valueWidth = Math.max(MIN_VALUE_WIDTH, width - labelWidth - 2 * INDENT);
  const gap = " ".repeat(INDENT);
  return list.flatMap(([label, value]) =>
    wrap(cellText(value), valueWidth).map(
      (line, i) =>
        `${gap}${(i === 0 ? label : "").padEnd(labelWidth)}${gap}${paint(cellStyle(value), line)}`,
    ),
  );
}

function tableLines({ columns, rows, none, foot }: Table, options: TextOptions): string[] {
  const below = (foot ?? []).flatMap((sentence) => wrapped(sentence, INDENT, options));
  if (rows.length === 0 && none !== undefined) return [...wrapped(none, INDENT, options), ...below];
  return [...textTable(columns, rows, options), ...below];
}

function itemLines({ mark, text, details }: Item, options: TextOptions): string[] {
  const indent = 2 * INDENT;
  const [first = "", ...more] = wrap(cellText(text), options.width - indent);
  const paint = (line: string): string => options.paint(cellStyle(text), line);
  const lead = mark === undefined ? "" : `${options.paint(cellStyle(mark), cellText(mark))} `;
  return [
    `${" ".repeat(INDENT)}${lead}${paint(first)}`,
    ...more.map((line) => " ".repeat(indent) + paint(line)),
    ...(details ?? []).flatMap((detail) =>
      wrapped({ text: cellText(detail), style: detailStyle(cellStyle(detail)) }, indent, options),
    ),
  ];
}

function detailStyle(style: ReturnType<typeof cellStyle>): ReturnType<typeof cellStyle> {
  return style === "plain" ? "faint" : style;
}

function blockLines(block: Block, indent: number, options: TextOptions): string[] {
  switch (block.kind) {
    case "paragraph":
    case "note":
      return wrapped(block.text, indent, options);
    case "lines":
      return block.lines.map(
        (line) => " ".repeat(indent) + options.paint(cellStyle(line), cellText(line)),
      );
    case "pairs":
      return pairLines(block.pairs, options);
    case "table":
      return tableLines(block, options);
    case "list":
      return block.items.flatMap((item) => itemLines(item, options));
    case "code":
      return block.lines.map((line) => " ".repeat(INDENT) + printable(line));
  }
}

function joined(blocks: readonly Block[], indent: number, options: TextOptions): string[] {
  return blocks.flatMap((block, i) => [
    ...(i === 0 ? [] : [""]),
    ...blockLines(block, indent, options),
  ]);
}

/**
 * The report as text. Deterministic: same report and options, same text. Ends in a line feed; no line has trailing
 * blanks, no control character of the inputs is left in it. Cost: linear in what is shown.
 */
export function renderText(body: ReportBody, options: TextOptions): string {
  const lines = [options.paint("faint", printable(body.title)), ""];
  if (body.lead.length > 0) lines.push(...joined(body.lead, 0, options), "");
  for (const { heading, blocks } of body.sections)
    lines.push(
      options.paint("heading", printable(heading)),
      ...joined(blocks, INDENT, options),
      "",
    );
  return `${lines.join("\n").trimEnd()}\n`;
}
