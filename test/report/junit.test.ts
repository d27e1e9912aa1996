import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { parseFailOn } from "../../src/questions/gate-fail-on.js";
import type { GateResult } from "../../src/questions/index.js";
import { gateAsJunit } from "../../src/report/junit.js";
import { gateCase } from "../questions/gate-case.js";

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** The document as a strict XML parser reads it; anything not well formed throws. */
function parse(xml: string): Element {
  const root: Element = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element = {
      name,
      attributes: attributes as Record<string, string>,
      children: [],
      text: "",
    };
    open.at(-1)!.children.push(element);
    open.push(element);
  });
  parser.on("closetag", () => open.pop());
  parser.on("text", (text) => {
    open.at(-1)!.text += text;
  });
  parser.write(xml).close();
  return root.children[0]!;
}

function suite(result: GateResult): Element {
  return parse(gateAsJunit(result)).children[0]!;
}

describe("gateAsJunit", () => {
  it("has a test per condition, assertion and acceptance", () => {
    const result = gateCase({}, { failOn: ["would-break", "newly-pass=9"].map(parseFailOn) });
    const { attributes, children } = suite(result);
    expect(attributes).toEqual({
      name: "flowverdict gate: new rules/groups.json",
      tests: "8",
      failures: "2",
      errors: "0",
      skipped: "2",
    });
    const outcome = children.map((c) => [
      c.attributes.classname,
      c.attributes.name,
      c.children[0]?.name ?? "passed",
    ]);
    expect(outcome).toEqual([
      ["flowverdict.gate.conditions", "would-break", "failure"],
      ["flowverdict.gate.conditions", "newly-pass", "passed"],
      ["flowverdict.gate.assertions", "the outside & <others> stay out", "failure"],
      ["flowverdict.gate.assertions", "allow group batch -> group db tcp/5432", "passed"],
      ["flowverdict.gate.assertions", "names", "skipped"],
      ["flowverdict.gate.accepted", "newly-denied 192.0.2.7 -> group db tcp/22", "passed"],
      ["flowverdict.gate.accepted", "newly-denied 10.0.9.9 -> group db any", "skipped"],
      ["flowverdict.gate.accepted", "undetermined any -> any tcp/1", "passed"],
    ]);
  });

  it("says in a failure what was found, and where", () => {
    const [broken] = suite(gateCase()).children;
    expect(broken?.children[0]?.attributes.message).toBe("would-break: 3 connections, 0 are fine");
    expect(broken?.children[0]?.text).toBe(
      "new rules/groups.json:10: 10.0.0.0/8 -> sg-db tcp/5432 would break: 3 connections [records day.log:7]",
    );
  });

  it("fails undecided assertions where they count", () => {
    const strict = { failOn: [parseFailOn("assertion")], undecidedFails: true };
    expect(suite(gateCase({}, strict)).attributes.failures).toBe("3");
  });

  it("stays XML whatever a name holds", () => {
    const nasty = ']]>\u0000\u001b[31m\ud800 <a b="c">&amp;\'\u2028\ufffe\n\t𝒳';
    const result = gateCase();
    const [assertion, ...rest] = result.assertions;
    const named = { ...assertion!, assertion: { ...assertion!.assertion, title: nasty } };
    const [finding] = result.findings;
    const all = {
      ...result,
      assertions: [named, ...rest],
      findings: [{ ...finding!, message: nasty }],
    };
    const { children } = suite({ ...all, candidate: nasty });
    const clean = ']]>\ufffd\ufffd[31m\ufffd <a b="c">&amp;\'\u2028\ufffd\n\t𝒳';
    expect(children.map((c) => c.attributes.name)).toContain(clean);
    expect(children[0]?.children[0]?.text).toContain(clean);
  });
});
