import { findRuleFiles, readText } from "../../dist/src/node/index.js";
import { loadRuleSet } from "../../dist/src/rules/index.js";

/** The rule documents of an account's folder. */
export async function documentsIn(account) {
  const documents = [];
  for (const { name, path, explicit } of await findRuleFiles([account]))
    documents.push({ name, text: await readText(path), explicit });
  return documents;
}

/** The rule set of an account's folder. */
export async function rulesIn(account) {
  return loadRuleSet(await documentsIn(account)).ruleSet;
}
