import type { EngineFile } from "./engines.js";

/** How a log is cut: by the start of its records, as days are, or by its lines, as files are. */
export type LogCut = "by time" | "by lines";

/** The parts of a log whose first line names its fields, each with that line. Lines without a start go to the first. */
export function cutLog(text: string, parts: number, cut: LogCut): readonly EngineFile[] {
  const [header = "", ...lines] = text.split("\n").filter((line) => line !== "");
  const start = header.split(" ").indexOf("start");
  const starts = lines.map((line) => Number(line.split(" ")[start]));
  const known = starts.filter(Number.isFinite);
  const begin = known.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY);
  const span = known.reduce((most, each) => Math.max(most, each), 0) - begin + 1;
  const partOf = (i: number): number => {
    if (cut === "by lines") return Math.floor((i * parts) / lines.length);
    const at = starts[i]!;
    return Number.isFinite(at) ? Math.floor(((at - begin) * parts) / span) : 0;
  };
  const found = Array.from({ length: parts }, (): string[] => [header]);
  lines.forEach((line, i) => {
    found[partOf(i)]!.push(line);
  });
  return found.map((each, i) => ({ name: `part-${i}.log`, text: `${each.join("\n")}\n` }));
}
