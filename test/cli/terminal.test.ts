import { describe, expect, it } from "vitest";
import { describeFailure } from "../../src/cli/failure.js";
import { progressText, shareOfFiles } from "../../src/cli/progress.js";
import { wantsColor } from "../../src/cli/terminal.js";
import { FlowError } from "../../src/errors.js";

describe("wantsColor", () => {
  it.each([
    ["a terminal", true, {}, undefined, true],
    ["a pipe", false, {}, undefined, false],
    ["a dumb terminal", true, { TERM: "dumb" }, undefined, false],
    ["NO_COLOR", true, { NO_COLOR: "1" }, undefined, false],
    ["an empty NO_COLOR", true, { NO_COLOR: "" }, undefined, true],
    ["FORCE_COLOR on a pipe", false, { FORCE_COLOR: "1" }, undefined, true],
    ["FORCE_COLOR=0", true, { FORCE_COLOR: "0" }, undefined, false],
    ["NO_COLOR before FORCE_COLOR", true, { NO_COLOR: "1", FORCE_COLOR: "1" }, undefined, false],
    ["--no-color before all", true, { FORCE_COLOR: "1" }, false, false],
  ])("%s", (_name, isTty, environment, option, wanted) => {
    expect(wantsColor(isTty, environment, option)).toBe(wanted);
  });
});

describe("describeFailure", () => {
  it("shows message, code and hint of what was foreseen, and no stack", () => {
    const error = new FlowError("cidr-invalid", "\u001bbad", { at: "a.json:1", hint: "fix it" });
    expect(describeFailure(error)).toEqual({
      text: "flowverdict: a.json:1: \\x1bbad (cidr-invalid)\n  hint: fix it\n",
      exitCode: 2,
    });
  });

  it("shows what the system refused as input trouble", () => {
    const error = Object.assign(new Error("EACCES: permission denied, open 'x'"), {
      syscall: "open",
    });
    expect(describeFailure(error)).toEqual({
      text: "flowverdict: EACCES: permission denied, open 'x'\n",
      exitCode: 2,
    });
  });

  it("asks for a report of everything else", () => {
    const failure = describeFailure(new TypeError("x is undefined"));
    expect(failure.exitCode).toBe(3);
    expect(failure.text).toContain("not of your input");
    expect(failure.text).toContain("TypeError: x is undefined");
  });
});

describe("progress", () => {
  const files = [
    { name: "a.log", size: 400 },
    { name: "b.log", size: 600 },
  ];

  it("measures plain files by their size", () => {
    expect(shareOfFiles(files)({ bytes: 10, records: 1, file: "a.log" })).toBe(0.01);
  });

  it("measures compressed files by those read, once there are some", () => {
    const share = shareOfFiles([
      { name: "a.log.gz", size: 40 },
      { name: "b.log.gz", size: 60 },
    ]);
    // As much as logs usually shrink to.
    expect(share({ bytes: 120, records: 1, file: "a.log.gz" })).toBe(0.2);
    expect(share({ bytes: 400, records: 1, file: "a.log.gz" })).toBe(0.4);
    expect(share({ bytes: 410, records: 1, file: "b.log.gz" })).toBe(0.41);
    expect(share({ bytes: 700, records: 1, file: "b.log.gz" })).toBe(0.7);
    expect(share({ bytes: 2_000, records: 1, file: "b.log.gz" })).toBe(1);
  });

  it("tells the time left of many files, and of what an earlier start had done", () => {
    const many = Array.from({ length: 1_000 }, (_, i) => ({ name: `${i}.log.gz`, size: 20_000 }));
    const share = shareOfFiles(many);
    let told: number | undefined;
    for (let i = 0; i < 250; i++)
      told = share({ bytes: (i + 1) * 130_000, records: i, file: `${i}.log.gz` });
    expect(told).toBeCloseTo(0.25, 2);
    const done = { bytes: 1_000, records: 9_000, file: "a.log" };
    const begun = { records: 8_000, share: 0.8 };
    expect(progressText(done, 10_000, 0.9, begun)).toBe(
      "9,000 records · 1.00 kB · 100 records/s · 90 % · 10 s left",
    );
  });

  it.each([[[{ name: "-" }]], [[]]])("cannot measure stdin or nothing", (inputs) => {
    expect(shareOfFiles(inputs)({ bytes: 200, records: 1, file: "-" })).toBeUndefined();
  });

  it.each([
    [1_000, 0.25, "1,234 records · 250 B · 1,234 records/s"],
    [5_000, undefined, "1,234 records · 250 B · 247 records/s"],
    [5_000, 0.25, "1,234 records · 250 B · 247 records/s · 25 % · 15 s left"],
    [5_000, 1.25, "1,234 records · 250 B · 247 records/s · 99 % · 0 s left"],
  ])("after %i ms with a share of %s", (elapsed, share, text) => {
    const done = { bytes: 250, records: 1_234, file: "a.log" };
    expect(progressText(done, elapsed, share)).toBe(text);
  });
});
