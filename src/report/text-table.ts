import { printable } from "../model/printable.js";
import type { Style } from "./paint.js";
import { type Cell, type Column, type Places, type Row, textOf } from "./report-body.js";
import type { TextOptions } from "./text-options.js";
import { truncate, truncateStart } from "./truncate.js";
import { wrap } from "./wrap.js";

const GAP = 2;
const DETAIL_INDENT = 6;

export function cellText(cell: Cell): string {
  return printable(textOf(cell));
}

export function cellStyle(cell: Cell): Style {
  return typeof cell === "string" ? "plain" : (cell.style ?? "plain");
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

/** As many places as one line holds, at least one; the rest is counted. */
function placesText({ places }: Places, width: number): string {
  let text = "";
  let shown = 0;
  for (const place of places) {
    const next = shown === 0 ? place : `${text} ${place}`;
    if (shown > 0 && next.length > width) break;
    text = next;
    shown++;
  }
  return shown < places.length ? `${text} +${places.length - shown}` : text;
}

function detailLines(row: Row, { width, paint }: TextOptions): string[] {
  const available = width - DETAIL_INDENT;
  return (row.details ?? []).flatMap((detail) => {
    if (typeof detail === "object" && "places" in detail) {
      if (detail.places.length === 0) return [];
      const text = printable(placesText(detail, available));
      return [" ".repeat(DETAIL_INDENT) + paint("faint", text)];
    }
    const style = cellStyle(detail) === "plain" ? "faint" : cellStyle(detail);
    return wrap(cellText(detail), available).map(
      (line) => " ".repeat(DETAIL_INDENT) + paint(style, line),
    );
  });
}

/**
 * Lines of an aligned table, each indented by two blanks, a row's details below it; all cells are made printable. Cost:
 * rows × columns. A table that cannot shrink to `width` stays wider rather than losing numbers.
 */
export function textTable(
  columns: readonly Column[],
  rows: readonly Row[],
  options: TextOptions,
): string[] {
  const texts = rows.map((row) => row.cells.map(cellText));
  const widths = columns.map((column, i) =>
    texts.reduce((width, row) => Math.max(width, row[i]?.length ?? 0), column.title.length),
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
    ...texts.flatMap((cells, r) => [
      line(cells, (i) => cellStyle(rows[r]!.cells[i] ?? "")),
      ...detailLines(rows[r]!, options),
    ]),
  ];
}
