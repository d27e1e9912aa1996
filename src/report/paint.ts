/** The few roles text can have; a role never carries the meaning alone, words do. */
export type Style = "plain" | "heading" | "good" | "bad" | "warn" | "faint";

/** Turns a role into what the target shows. */
export type Paint = (style: Style, text: string) => string;

/** SGR pairs: set, reset. */
const ANSI: Readonly<Record<Exclude<Style, "plain">, readonly [number, number]>> = {
  heading: [1, 22],
  good: [32, 39],
  bad: [31, 39],
  warn: [33, 39],
  faint: [2, 22],
};

/** No colour at all. */
export function plainPaint(_style: Style, text: string): string {
  return text;
}

/** ANSI escape sequences of the 16-colour terminal. */
export function ansiPaint(style: Style, text: string): string {
  if (style === "plain" || text === "") return text;
  const [set, reset] = ANSI[style];
  return `\u001b[${set}m${text}\u001b[${reset}m`;
}
