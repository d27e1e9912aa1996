// `evaluate` in a worker of headless Chromium; prints the verdicts and the seconds of the evaluation alone.
//   node bench/chromium/in-chromium.mjs ACCOUNT LOG
// CHROMIUM names the browser, else Debian's is taken.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { build } from "vite";
import { ROOT } from "../lib/measure.mjs";
import { documentsIn } from "../lib/rules-in.mjs";

const { CHROMIUM: executablePath = "/usr/bin/chromium" } = process.env;
if (!existsSync(executablePath)) throw new Error(`Chromium is absent: ${executablePath}`);

const [account, log] = process.argv.slice(2);
const made = await build({
  configFile: false,
  logLevel: "error",
  build: {
    write: false,
    target: "es2022",
    lib: { entry: join(ROOT, "bench/chromium/worker.mjs"), formats: ["iife"], name: "worker" },
    rolldownOptions: { output: { codeSplitting: false } },
  },
});
const [{ code }] = [made].flat()[0].output;
const documents = await documentsIn(account);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  const page = await browser.newPage();
  await page.setContent('<input type="file">');
  await page.setInputFiles("input", log);
  const judged = await page.evaluate(
    ([script, rules]) =>
      new Promise((resolve, reject) => {
        const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
        const worker = new Worker(url);
        worker.onmessage = ({ data: { answer, fault } }) =>
          fault === undefined ? resolve(answer) : reject(new Error(fault));
        worker.onerror = ({ message }) => reject(new Error(message));
        const [file] = document.querySelector("input").files;
        worker.postMessage({ documents: rules, file });
      }),
    [code, documents],
  );
  console.log(JSON.stringify(judged));
} finally {
  await browser.close();
}
