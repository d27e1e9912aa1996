import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HTML_STYLE, HTML_STYLE_HASH } from "../../src/report/html-style.js";
import { originSection } from "../../src/report/origin.js";
import { plainPaint } from "../../src/report/paint.js";
import { renderHtml } from "../../src/report/render-html.js";
import { kept, renderReport } from "../../src/report/report.js";
import type { ReportBody } from "../../src/report/report-body.js";
import { summaryReport } from "../../src/report/summary-report.js";
import { BUSY, EMPTY, SELECTED } from "./summary-fixture.js";

/** Every kind of block, a plot of every kind, and a text of somebody else in all of them. */
function bodyOf(text: string): ReportBody {
  return {
    title: text,
    lead: [{ kind: "note", text: { text, style: "warn" } }],
    sections: [
      {
        heading: text,
        plots: [
          { kind: "bars", title: text, bars: [{ label: text, value: 3, text }] },
          { kind: "shares", title: text, rows: [{ label: text, parts: BUSY.matrix.accept }] },
          { kind: "over-time", title: text, overTime: BUSY.coverage.overTime! },
        ],
        blocks: [
          { kind: "paragraph", text },
          { kind: "lines", lines: [text, { text, code: true }] },
          {
            kind: "pairs",
            pairs: [
              ["", text],
              [text, { text, style: "good" }],
            ],
          },
          {
            kind: "table",
            columns: [
              { title: text, align: "left", code: true },
              { title: "", align: "right" },
            ],
            rows: [{ cells: [text, { text, code: true }], details: [text, { places: [text] }] }],
            foot: [text],
          },
          { kind: "list", items: [{ mark: text, text, details: [text] }] },
          { kind: "code", lines: [text] },
        ],
      },
    ],
  };
}

/** Names of all tags, and the names of all their attributes. */
function shapeOf(html: string): readonly string[] {
  const body = html.slice(html.indexOf("</style>"));
  return [...body.matchAll(/<([^>]*)>/g)].map(([, tag]) => tag!.replace(/="[^"]*"/g, ""));
}

describe("renderHtml", () => {
  it("shows text of others and never becomes it", () => {
    const plain = shapeOf(renderHtml(bodyOf("x")));
    const hostile = fc.constantFrom(
      "<script>alert(1)</script>",
      '"><img src=x onerror=alert(1)>',
      "' onmouseover='alert(1)",
      "</style><script>",
      "&lt;b&gt;",
      "]]><!--",
      "\u001b[2J\u202e",
    );
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ minLength: 1 })), (text) => {
        fc.pre(text.trim() !== "");
        const html = renderHtml(bodyOf(text));
        expect(shapeOf(html)).toEqual(plain);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
        expect(html).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      }),
    );
  });

  it("admits its own style and nothing else", () => {
    const hash = createHash("sha256").update(HTML_STYLE).digest("base64");
    expect(HTML_STYLE_HASH).toBe(hash);
    const html = renderHtml(bodyOf("x"));
    expect(html).toContain(`<style>${HTML_STYLE}</style>`);
    expect(html).toContain(
      `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
    );
    expect(html).not.toMatch(/<script|style="|https?:|url\(/);
  });

  it("leaves out what differs from run to run", () => {
    const cost = { seconds: 2.5, workers: 2, peakMemory: 512_000_000 };
    const options = { width: 100, paint: plainPaint };
    const html = renderReport(summaryReport(BUSY, { cost, selection: SELECTED }), "html", options);
    expect(html).not.toContain("Throughput");
    expect(html).toBe(renderReport(summaryReport(BUSY, { selection: SELECTED }), "html", options));
    expect(html).toContain("Verdicts over time");
    expect(html.match(/<svg /g)?.length).toBeGreaterThanOrEqual(3);
    expect(renderReport(summaryReport(EMPTY), "html", options)).not.toContain("<svg");
  });

  it("says what it was made of", () => {
    const origin = originSection({
      command: "flowverdict evaluate 'my logs' --rules account",
      options: [["--where", "verdict = deny & <b>"]],
      files: [
        { role: "rules", name: "account/groups.json", bytes: 1_200, sha256: "ab".repeat(32) },
        { role: "log", name: "-", bytes: null, sha256: null },
      ],
      allFiles: "cd".repeat(32),
    });
    const html = renderHtml(kept(summaryReport(EMPTY).body(), [origin]));
    for (const text of ["ab".repeat(32), "cd".repeat(32), "read once, not hashed", "&lt;b&gt;"])
      expect(html).toContain(text);
  });
});
