import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markdownCode, markdownFence, markdownText } from "../../src/report/markdown-text.js";
import { renderMarkdown } from "../../src/report/render-markdown.js";
import { code, note, pairs, paragraph, type ReportBody } from "../../src/report/report-body.js";

/** What a Markdown reader shows of escaped text, without the marks that stay invisible. */
function shown(markdown: string): string {
  return markdown
    .replace(/<!-- -->/g, "")
    .replace(/<\/?code>/g, "")
    .replace(/\\([!-/:-@[-`{-~])/g, "$1")
    .replace(/&#(\d+);/g, (_, digits: string) => String.fromCodePoint(Number(digits)));
}

/** Text that tries to be markup. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom("|", "\\", "`", "<", ">", "&", "*", "_", "[", "]", "(", ")", "!", "~", "$"),
      fc.constantFrom("@octo", "#12", "GH-7", ":100:", "https://x.y", "www.x.y", "<!--", "-->"),
      fc.constantFrom("- ", "1. ", "# ", "+ ", "=", "\n", "\r\n", "\t", "a", " "),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

describe("markdownText", () => {
  it.each([
    ["plain 10.0.0.1, 99.33 %", "plain 10.0.0.1, 99.33 %"],
    ["a|b", "a\\|b"],
    ["<img src=x>", "\\<img src=x\\>"],
    ["[x](y)", "\\[x\\](y)"],
    ["# no heading", "\\# no heading"],
    ["1. no list", "1\\. no list"],
    ["- no list", "\\- no list"],
    ["64.80 % at 16:25:00", "64.80 % at 16:25:00"],
    ["see https://evil.example", "see https\\://evil.example"],
    ["www.evil.example", "www\\.evil.example"],
    ["thanks @octocat", "thanks @<!-- -->octocat"],
    ["fixes #12", "fixes #<!-- -->12"],
    ["a.log:100: bad", "a.log:<!-- -->100: bad"],
    ["two\nlines", "two\\\\x0alines"],
  ])("writes %j as %j", (text, markdown) => {
    expect(markdownText(text)).toBe(markdown);
  });

  it("shows every text as it is and leaves nothing that could be markup", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markdown = markdownText(text);
        expect(markdown).not.toMatch(/[\n\r]/);
        const bare = markdown.replace(/<!-- -->/g, "").replace(/\\[!-/:-@[-`{-~]/g, "");
        expect(bare).not.toMatch(/[`*[\]<>|~&$]|:\/\//);
        expect(markdown).not.toMatch(/@\w|#\d|:100:/);
      }),
    );
  });
});

describe("markdownCode", () => {
  it.each([
    ["sg-0a", "`sg-0a`"],
    ["", ""],
    ["a|b", "<code>a&#124;b</code>"],
    ["a`b", "<code>a&#96;b</code>"],
    ["a\\|b", "<code>a&#92;&#124;b</code>"],
  ])("writes %j as %j", (text, markdown) => {
    expect(markdownCode(text)).toBe(markdown);
  });

  it("holds any text in one span", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markdown = markdownCode(text);
        expect(markdown).toMatch(/^$|^`[^`|\\\n]+`$|^<code>[A-Za-z0-9 /:.,&#;-]*<\/code>$/);
      }),
    );
  });
});

describe("markdownFence", () => {
  it("is longer than any fence inside", () => {
    expect(markdownFence(["a", "````"])).toEqual(["`````text", "a", "````", "`````"]);
  });
});

describe("renderMarkdown", () => {
  const body: ReportBody = {
    title: "Report",
    lead: [note("Careful."), paragraph("All is well.")],
    sections: [
      {
        heading: "Numbers",
        blocks: [
          {
            kind: "table",
            columns: [
              { title: "interface", align: "left", code: true },
              { title: "records", align: "right" },
            ],
            rows: [
              { cells: ["eni-0a", "1,000"], details: ["since noon", { places: ["a.log:1"] }] },
              { cells: ["eni-0b", "1"] },
            ],
            foot: ["3 more."],
          },
          pairs([
            ["Files", "2"],
            ["", code("a.log:9")],
          ]),
          {
            kind: "list",
            items: [{ mark: "✓", text: "found", details: ["at no cost"] }],
          },
          { kind: "lines", lines: ["one", "two"] },
          { kind: "code", lines: ["aws ec2 describe-vpcs"] },
        ],
      },
    ],
  };

  it("writes every block", async () => {
    await expect(renderMarkdown(body)).toMatchFileSnapshot("golden/blocks.md");
  });

  it("keeps a table's shape whatever its cells hold", () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 4, maxLength: 4 }), ([a, b, c, d]) => {
        const text = renderMarkdown({
          title: "t",
          lead: [],
          sections: [
            {
              heading: "h",
              blocks: [
                {
                  kind: "table",
                  columns: [
                    { title: "x", align: "left", code: true },
                    { title: "y", align: "left" },
                  ],
                  rows: [{ cells: [a!, b!], details: [c!, { places: [d!] }] }],
                },
              ],
            },
          ],
        });
        const row = text.trimEnd().split("\n").at(-1)!;
        const bars = row.replace(/\\[\\|]/g, "").match(/\|/g) ?? [];
        expect([3, 4]).toContain(bars.length);
        expect(shown(row)).not.toMatch(/\n/);
      }),
    );
  });
});
