import { exampleOfAccount } from "../../generate/example.js";
import type { GivenFile } from "../protocol.js";

const LOGS = "logs/";

/** The made-up account of examples/ and its log, made here from their seed: nothing of it is stored in the page. */
export function exampleInputs(): {
  readonly rules: readonly GivenFile[];
  readonly logs: readonly GivenFile[];
} {
  const rules: GivenFile[] = [];
  const logs: GivenFile[] = [];
  for (const { path, text } of exampleOfAccount()) {
    const content = new Blob([text as Uint8Array<ArrayBuffer>]);
    if (path.startsWith(LOGS))
      logs.push({ name: `${path.slice(LOGS.length)}.gz`, content, explicit: false });
    else rules.push({ name: path, content, explicit: false });
  }
  return { rules, logs };
}
