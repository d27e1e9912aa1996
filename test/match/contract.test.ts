import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as layout from "../../assembly/shared/image.js";
import { buildMatch, instantiateMatch, TARGETS } from "./core.js";

describe.each(TARGETS)("the matcher's module (%s)", (target) => {
  it("exports every constant of the image layout with the value TypeScript sees", () => {
    const exports = instantiateMatch(target) as unknown as Record<string, WebAssembly.Global>;
    const exported = Object.fromEntries(
      Object.keys(layout).map((name) => [name, exports[name]?.value]),
    );
    expect(exported).toEqual({ ...layout });
  });

  it("imports nothing", () => {
    const module = new WebAssembly.Module(readFileSync(buildMatch(target)));
    expect(WebAssembly.Module.imports(module)).toEqual([]);
  });
});

describe("the release build", () => {
  it("holds no managed runtime", () => {
    expect(readFileSync(buildMatch("release", "wat"), "utf8")).not.toContain("~lib/rt");
  });
});

describe("the image layout", () => {
  it("has only whole numbers that both languages read alike", () => {
    for (const [name, value] of Object.entries(layout)) {
      expect(Number.isInteger(value) && value >= 0 && value <= 2 ** 31 - 1, name).toBe(true);
    }
  });

  it("numbers the sections without gaps, and the header has room for them", () => {
    const { SECTION_COUNT, ...all } = layout;
    const sections = Object.entries(all).filter(([name]) => name.startsWith("SECTION_"));
    const numbers = sections.map(([, value]) => value).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: SECTION_COUNT }, (_, i) => i));
    expect(
      layout.IMAGE_OFF_SECTIONS + SECTION_COUNT * layout.IMAGE_SECTION_BYTES,
    ).toBeLessThanOrEqual(layout.IMAGE_HEADER_BYTES);
  });
});
