// The library in a worker of a page: judges a file that the page was given, and says how long that took.

import { coreBytes } from "../../dist/src/core/inline.js";
import { blobLog, evaluate, loadCore, loadRuleSet } from "../../dist/src/index.js";

async function judge({ documents, file }) {
  const { ruleSet } = loadRuleSet(documents);
  const core = await loadCore(coreBytes());
  const begun = performance.now();
  const { verdicts } = await evaluate([blobLog(file.name, file)], { core, ruleSet });
  return { verdicts, seconds: (performance.now() - begun) / 1000 };
}

globalThis.onmessage = ({ data }) =>
  judge(data).then(
    (answer) => globalThis.postMessage({ answer }),
    (error) => globalThis.postMessage({ fault: String(error) }),
  );
