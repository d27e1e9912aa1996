// Plots as SVG that needs no script and no style of its own. Colour never carries a meaning alone: legends say names and
// numbers.

import { VERDICTS, type Verdict } from "../model/verdict.js";
import { htmlText } from "./html-text.js";
import type { BarPlot, OverTimePlot, Plot, SharePlot } from "./plot.js";
import { duration, grouped, percent, timestamp } from "./quantity.js";

const WIDTH = 720;
const LABEL_WIDTH = 230;
const VALUE_WIDTH = 90;
const ROW = 22;
const HEIGHT = 150;

/** A length in the drawing: two decimals are less than a pixel. */
function length(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function rect(x: number, y: number, width: number, height: number, name: string): string {
  if (width <= 0 || height <= 0) return "";
  return `<rect class="${name}" x="${length(x)}" y="${length(y)}" width="${length(width)}" height="${length(height)}"/>`;
}

function text(x: number, y: number, words: string, name = ""): string {
  const of = name === "" ? "" : ` class="${name}"`;
  return `<text${of} x="${length(x)}" y="${length(y)}">${htmlText(words)}</text>`;
}

/** A label that does not run into what is drawn beside it; the whole of it stands in the tables. */
function short(words: string): string {
  const most = 34;
  const signs = [...words];
  return signs.length <= most ? words : `${signs.slice(0, most - 1).join("")}…`;
}

function figure(title: string, said: string, height: number, inner: string): string {
  return (
    `<figure><figcaption>${htmlText(title)}</figcaption>` +
    `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${htmlText(said)}">${inner}</svg></figure>`
  );
}

/** Names of the verdicts with their numbers, in a line. */
function legend(counts: Readonly<Record<Verdict, number>>, y: number): string {
  return VERDICTS.map(
    (verdict, i) =>
      rect(i * 190, y - 9, 10, 10, verdict) +
      text(i * 190 + 16, y, `${verdict} ${grouped(counts[verdict])}`),
  ).join("");
}

function overTime({ title, overTime: told }: OverTimePlot): string {
  const { seconds, first, allow } = told;
  const bins = allow.length;
  const totals = allow.map((count, i) => count + told.deny[i]! + told.unknown[i]!);
  const most = totals.reduce((a, b) => Math.max(a, b), 1);
  const step = WIDTH / bins;
  const top = 16;
  const stacks = totals.map((_, i) => {
    let y = top + HEIGHT;
    return VERDICTS.map((verdict) => {
      const height = (told[verdict][i]! / most) * HEIGHT;
      y -= height;
      return rect(i * step, y, Math.max(step - 1, step * 0.8), height, verdict);
    }).join("");
  });
  const sums = Object.fromEntries(
    VERDICTS.map((verdict) => [verdict, told[verdict].reduce((a, b) => a + b, 0)]),
  ) as Record<Verdict, number>;
  const base = top + HEIGHT;
  const end = first + bins * seconds;
  const inner =
    stacks.join("") +
    `<line class="axis" x1="0" x2="${WIDTH}" y1="${base}" y2="${base}"/>` +
    text(0, 12, `at most ${grouped(most)} records in ${duration(seconds)}`) +
    text(0, base + 18, timestamp(first)) +
    text(WIDTH, base + 18, timestamp(end), "end") +
    legend(sums, base + 42);
  const said = `${title}: from ${timestamp(first)} to ${timestamp(end)}, ${VERDICTS.map((verdict) => `${verdict} ${grouped(sums[verdict])}`).join(", ")}`;
  return figure(title, said, base + 50, inner);
}

function shares({ title, rows }: SharePlot): string {
  const width = WIDTH - 90;
  const drawn = rows.map(({ label, parts }, row) => {
    const total = parts.allow + parts.deny + parts.unknown;
    const y = row * (ROW * 2);
    let x = 90;
    const bars = VERDICTS.map((verdict) => {
      const part = total === 0 ? 0 : (parts[verdict] / total) * width;
      const bar = rect(x, y, part, ROW - 4, verdict);
      x += part;
      return bar;
    });
    const words = VERDICTS.map((verdict) => `${verdict} ${percent(parts[verdict], total)}`);
    return (
      text(0, y + 14, label, "label") + bars.join("") + text(90, y + ROW + 10, words.join(", "))
    );
  });
  const said = rows.map(
    ({ label, parts }) =>
      `${label}: ${VERDICTS.map((verdict) => `${verdict} ${grouped(parts[verdict])}`).join(", ")}`,
  );
  return figure(title, `${title}. ${said.join("; ")}`, rows.length * ROW * 2, drawn.join(""));
}

function bars({ title, bars: list }: BarPlot): string {
  const most = list.reduce((greatest, { value }) => Math.max(greatest, value), 1);
  const width = WIDTH - LABEL_WIDTH - VALUE_WIDTH;
  const drawn = list.map(({ label, value, text: words }, row) => {
    const y = row * ROW;
    const bar = Math.max((value / most) * width, 1);
    return (
      text(0, y + 14, short(label), "label") +
      rect(LABEL_WIDTH, y + 2, bar, ROW - 6, "bar") +
      text(LABEL_WIDTH + bar + 6, y + 14, words)
    );
  });
  const said = list.map(({ label, text: words }) => `${label}: ${words}`).join("; ");
  return figure(title, `${title}. ${said}`, list.length * ROW, drawn.join(""));
}

/** The plot as a figure. Text of logs and rules in it is escaped. */
export function renderPlot(plot: Plot): string {
  switch (plot.kind) {
    case "over-time":
      return overTime(plot);
    case "shares":
      return shares(plot);
    case "bars":
      return bars(plot);
  }
}
