// What runs in the page: the package as a bundler of its users sees it, evaluated on inputs that the server hands out.
// Copied next to the installed package before it is bundled; the relative imports hold in both places.

import { evaluateRecords, type LogInput, loadCore, loadRuleSet, unpackWeb } from "flowverdict";
import coreUrl from "flowverdict/core.wasm?url";
import { coreBytes } from "flowverdict/inline";
import { plainPaint } from "../../src/report/paint.js";
import { recordWriter } from "../../src/report/record-writer.js";
import { renderReport } from "../../src/report/report.js";
import { summaryReport } from "../../src/report/summary-report.js";
import type { Answer, CoreFrom, Inputs } from "./answer.js";

async function* bytesOf(url: string): AsyncGenerator<Uint8Array> {
  const { body } = await fetch(url);
  if (body === null) throw new Error(`${url} has no body`);
  for await (const chunk of body) yield chunk;
}

async function judge(coreFrom: CoreFrom): Promise<Answer> {
  const inputs = (await (await fetch("inputs.json")).json()) as Inputs;
  const rules = loadRuleSet(inputs.rules);
  const logs = inputs.logs.map(
    ({ name, url }): LogInput => ({ name, open: () => unpackWeb(bytesOf(url), name) }),
  );
  const records = evaluateRecords(logs, {
    core: await loadCore(coreFrom === "file" ? fetch(coreUrl) : coreBytes()),
    ruleSet: rules.ruleSet,
    snapshotTakenAt: rules.takenAt ?? rules.notBefore ?? null,
  });
  const writer = recordWriter("csv");
  const decoder = new TextDecoder();
  let csv = "";
  let next = await records.next();
  while (next.done !== true) {
    csv += decoder.decode(writer.write(next.value), { stream: true });
    next = await records.next();
  }
  return {
    csv,
    summary: renderReport(summaryReport(next.value), "json", { width: 100, paint: plainPaint }),
  };
}

Object.assign(globalThis, { judge });
