// `evaluate` in Node as in-chromium.mjs runs it in a browser; prints the same.
//   node bench/chromium/in-node.mjs ACCOUNT LOG

import { evaluate } from "../../dist/src/analysis/index.js";
import { coreModule } from "../../dist/src/node/core-module.js";
import { findLogs } from "../../dist/src/node/index.js";
import { logInput } from "../../dist/src/node/log-input.js";
import { rulesIn } from "../lib/rules-in.mjs";

const [account, log] = process.argv.slice(2);
const ruleSet = await rulesIn(account);
const core = await coreModule();
const inputs = (await findLogs([log])).map((file) => logInput(file));
const begun = performance.now();
const { verdicts } = await evaluate(inputs, { core, ruleSet });
console.log(JSON.stringify({ verdicts, seconds: (performance.now() - begun) / 1000 }));
