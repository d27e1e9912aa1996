import { expect, test } from "vitest";
import {
  type GenerateOptions,
  generateFiles,
  generateLog,
  planFiles,
  TRUTH_CSV_HEADER,
  truthCsv,
} from "../../src/generate/index.js";
import { collect, textOf } from "./collect.js";

const decoder = new TextDecoder();
const OPTIONS: GenerateOptions = { records: 5003, ratePerSecond: 4, chunkBytes: 10_000 };

function assemble(options: GenerateOptions, files: number): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { path, text } of generateFiles(options, files))
    texts.set(path, (texts.get(path) ?? "") + decoder.decode(text));
  return texts;
}

test.each([1, 2, 7, 60])(
  "%i files hold the lines of the log in order, each with a header",
  (count) => {
    const plan = planFiles(OPTIONS, count);
    const texts = assemble(OPTIONS, count);
    expect([...texts.keys()]).toEqual(plan.map(({ path }) => path));
    expect(new Set(texts.keys()).size).toBe(count);
    const [header] = textOf(generateLog({ ...OPTIONS, records: 0 })).split("\n");
    let joined = `${header}\n`;
    for (const [index, text] of [...texts.values()].entries()) {
      expect(text.startsWith(`${header}\n`)).toBe(true);
      expect(text.split("\n").length - 2).toBe(plan[index]!.records);
      joined += text.slice(header!.length + 1);
    }
    expect(joined).toBe(textOf(generateLog(OPTIONS)));
  },
);

test("more files than records: the rest are empty but for the header", () => {
  const texts = [...assemble({ ...OPTIONS, records: 2 }, 4).values()];
  expect(texts.map((text) => text.split("\n").length - 2)).toEqual([0, 1, 0, 1]);
  const bare = [...assemble({ ...OPTIONS, records: 2, header: false }, 4).values()];
  expect(bare.map((text) => text.split("\n").length - 1)).toEqual([0, 1, 0, 1]);
});

test("paths are those of S3, with the time of what is in the file", () => {
  const paths = planFiles(OPTIONS, 4).map(({ path }) => path);
  for (const path of paths)
    expect(path).toMatch(
      /^AWSLogs\/111122223333\/vpcflowlogs\/eu-west-1\/2026\/03\/02\/111122223333_vpcflowlogs_eu-west-1_fl-[0-9a-f]{17}_20260302T00[0-5][05]Z_[0-9a-f]{16}\.log$/,
    );
  expect(paths.map((path) => path.slice(-26, -21))).toEqual(["0000Z", "0005Z", "0010Z", "0015Z"]);
});

test("the truth names file and physical line", () => {
  const { lines } = collect(generateLog(OPTIONS));
  const csv: string[] = [];
  for (const { truth, path, firstLine } of generateFiles(OPTIONS, 3))
    csv.push(truthCsv(truth, path, firstLine));
  const rows = csv.join("").split("\n").slice(0, -1);
  expect(rows.length).toBe(OPTIONS.records);
  const numbers = new Map<string, number>();
  for (const [index, row] of rows.entries()) {
    const [path, line, opener, verdict, cause, kind, connection] = row.split(",");
    const previous = numbers.get(path!) ?? 1;
    expect(Number(line)).toBe(previous + 1);
    numbers.set(path!, previous + 1);
    const truth = lines[index]!;
    expect([cause, kind, connection]).toEqual([truth.cause, truth.kind, `${truth.connection}`]);
    expect(opener).toBe(["none", "local", "remote"][truth.opener]);
    expect(verdict).toBe(["allow", "deny", "not-applicable"][truth.verdict]);
  }
  expect(TRUTH_CSV_HEADER.split(",").length).toBe(7);
});

test("a file name with a comma is quoted", () => {
  const { truth } = [...generateLog({ records: 1 })][0]!;
  expect(truthCsv(truth, 'a,"b', 2)).toMatch(/^"a,""b",2,/);
});
