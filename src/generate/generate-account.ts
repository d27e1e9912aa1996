import type { RuleSet } from "../model/rule-set.js";
import { makeAccount } from "./account.js";
import { type AccountDocument, accountDocuments } from "./account-documents.js";
import { accountRuleSet } from "./account-rule-set.js";
import type { AccountOptions } from "./options.js";

/** An account as files and as the rule set those files mean. */
export interface GeneratedAccount {
  readonly documents: readonly AccountDocument[];
  readonly ruleSet: RuleSet;
}

/** Makes up the account of these options: the one whose traffic `generateLog` of the same options plays. */
export function generateAccount(options: AccountOptions = {}): GeneratedAccount {
  const spec = makeAccount(options);
  return { documents: accountDocuments(spec), ruleSet: accountRuleSet(spec) };
}
