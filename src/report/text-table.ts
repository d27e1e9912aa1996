import { printable } from "../model/printable.js";
import type { Paint, Style } from "./paint.js";
import { truncate, truncateStart } from "./truncate.js";

/** A cell: its text, or the text and its role. */
export type Cell = string | { readonly text: string; readonly style: Style };

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
  /** May be cut down to this many characters when the table is too wide. Absent = never cut. */
  readonly shrinkTo?: number;
  /** Which end a cut keeps; the beginning by default. */
  readonly keep?: "end";
}

const GAP = 2;

function cellText(cell: Cell): string {
  return printable(typeof cell === "string" ? cell : cell.text);
}

function cellStyle(cell: Cell): Style {
  return typeof cell === "string" ? "plain" : cell.style;
}

/** Takes characters from the widest shrinkable column until the row fits; stops at every column's floor. */
function shrinkToFit(widths: number[], columns: readonly Column[], available: number): void {
  const total = (): number => widths.reduce((sum, width) => sum + width, 0);
  while (total() > available) {
    let widest = -1;
    for (let i = 0; i < columns.length; i++) {
      const floor = columns[i]!.shrinkTo;
      if (floor === undefined || widths[i]! <= floor) continue;
      if (widest < 0 || widths[i]! > widths[widest]!) widest = i;
    }
    if (widest < 0) return;
    widths[widest]!--;
  }
}

/**
 * Lines of an aligned table, each indented by two blanks; all cells are made printable. Cost: rows × columns. A table
 * that cannot shrink to `width` stays wider rather than losing numbers.
 */
export function textTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  options: { readonly width: number; readonly paint: Paint },
): string[] {
  const texts = rows.map((row) => row.map(cellText));
  const widths = columns.map((column, i) =>
    Math.max(column.title.length, ...texts.map((row) => row[i]?.length ?? 0)),
  );
  shrinkToFit(widths, columns, options.width - GAP - GAP * (columns.length - 1));
  const line = (cells: readonly string[], styleOf: (index: number) => Style): string => {
    let out = " ".repeat(GAP);
    let pending = "";
    for (let i = 0; i < columns.length; i++) {
      const cut = columns[i]!.keep === "end" ? truncateStart : truncate;
      const text = cut(cells[i] ?? "", widths[i]!);
      const padding = " ".repeat(widths[i]! - text.length);
      const painted = options.paint(styleOf(i), text);
      const right = columns[i]!.align === "right";
      // Trailing blanks are written only once something follows them.
      if (text !== "") {
        out += pending + (right ? padding : "") + painted;
        pending = (right ? "" : padding) + " ".repeat(GAP);
      } else {
        pending += padding + " ".repeat(GAP);
      }
    }
    return out;
  };
  const hasTitles = columns.some((column) => column.title !== "");
  const titles = columns.map((column) => column.title);
  return [
    ...(hasTitles ? [line(titles, () => "faint")] : []),
    ...texts.map((row, r) => line(row, (i) => cellStyle(rows[r]![i] ?? ""))),
  ];
}

/** Breaks at blanks; a word longer than the width stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of text.split(" ")) {
    if (current !== "" && current.length + 1 + word.length > width) {
      lines.push(current);
      current = word;
    } else {
      current = current === "" ? word : `${current} ${word}`;
    }
  }
  if (current !== "") lines.push(current);
  return lines.length === 0 ? [""] : lines;
}

/** Lines `  label  value`, values wrapped under themselves. */
export function labelled(
  pairs: readonly (readonly [label: string, value: Cell])[],
  options: { readonly width: number; readonly paint: Paint },
): string[] {
  const labelWidth = Math.max(0, ...pairs.map(([label]) => label.length));
  const lines: string[] = [];
  for (const [label, value] of pairs) {
    const valueWidth = Math.max(20, options.width - labelWidth - 2 * GAP);
    const parts = wrap(cellText(value), valueWidth);
    for (let i = 0; i < parts.length; i++) {
      const head = (i === 0 ? label : "").padEnd(labelWidth);
      lines.push(
        `${" ".repeat(GAP)}${head}${" ".repeat(GAP)}${options.paint(cellStyle(value), parts[i]!)}`,
      );
    }
  }
  return lines;
}
