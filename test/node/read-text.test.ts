import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readText } from "../../src/node/index.js";
import { inFolder } from "../cli/run-cli.js";

/** Numbered lines: no piece of the text is like another. */
function linesOf(bytes: number): string {
  const lines = Array.from({ length: Math.ceil(bytes / 16) }, (_, index) =>
    String(index).padStart(15, " "),
  );
  return `${lines.join("\n")}\n`;
}

describe("readText", () => {
  it.each([1, 7, 9, 33])("keeps a document of %i MiB as it is, plain and gzip", async (size) => {
    await inFolder(async (folder) => {
      const text = linesOf(size * 1024 * 1024 + 7);
      const path = join(folder, "document.json");
      await writeFile(path, text);
      expect((await readText(path)) === text).toBe(true);
      await writeFile(path, gzipSync(text, { level: 1 }));
      expect((await readText(path)) === text).toBe(true);
    });
  });

  it("refuses what is larger than allowed", async () => {
    await inFolder(async (folder) => {
      const path = join(folder, "document.json");
      await writeFile(path, linesOf(2000));
      await expect(readText(path, 1000)).rejects.toThrow("is larger than 1000 bytes");
    });
  });
});
