// Summaries in place of logs: the same answer from rows of openers, where a summary can give it.

import {
  type LogInput,
  type Survey,
  type SurveyOptions,
  summarize,
  surveySummaries,
} from "../../analysis/index.js";
import { FlowError } from "../../errors.js";
import type { LogFile } from "../../node/index.js";
import { openSummary } from "../../node/summary-files.js";
import { TOOL } from "../../report/tool.js";

/** What needs the records themselves. */
function refuse(name: string, option: string): never {
  throw new FlowError("summary-lacks", `${option} needs records, and a summary holds none`, {
    at: name,
    hint: "give the logs it was made of",
  });
}

/** Judges summaries, and logs beside them as if they had been summed up too. */
export async function surveyStored(
  files: readonly LogFile[],
  logs: readonly LogInput[],
  options: SurveyOptions,
  records: string | undefined,
): Promise<Survey> {
  const { name } = files[0]!;
  if (records !== undefined) refuse(name, "--records");
  if (options.cutOverAt !== undefined) refuse(name, "--at");
  if (options.filter !== undefined) refuse(name, "a filter of records");
  const summaries = await Promise.all(files.map(openSummary));
  const { baseline, candidates, openers, cutOverAt: _, ...rest } = options;
  const facts = baseline.periods[0]!.ruleSet;
  const tool = `${TOOL.name} ${TOOL.version}`;
  if (logs.length > 0) summaries.push(await summarize(logs, { ...rest, facts, tool }));
  return surveySummaries(summaries, { core: options.core, baseline, candidates, openers });
}
