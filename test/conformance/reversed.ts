import type { EngineFile } from "../support/engines.js";

/** The same records with files and lines in reverse order; header lines stay. */
export function reverseFiles(files: readonly EngineFile[]): readonly EngineFile[] {
  return files
    .map(({ name, text }) => {
      const [header = "", ...lines] = text.trimEnd().split("\n");
      return { name, text: [header, ...lines.reverse()].join("\n") };
    })
    .reverse();
}
