import { byteSize, counted, timestamp } from "../../../report/quantity.js";
import { BodyView } from "../../parts/body-view.js";
import { Notice, TroubleNotice } from "../../parts/notice.js";
import { Screen } from "../../parts/panel.js";
import type { LogsTold, RulesTold } from "../../protocol.js";
import { giveExample, inputs, inputTrouble, looking } from "../../state/inputs.js";
import { DropZone } from "./drop-zone.js";
import { FetchCommands } from "./fetch-commands.js";
import { FormatString } from "./format-string.js";
import { ReadingPanel } from "./reading-panel.js";
import { RulesFrom, withTime } from "./rules-from.js";

const RULES_EXAMPLE = '{ "SecurityGroups": [ … ] }';
const LOG_EXAMPLE =
  "2 123456789012 eni-0ab 10.1.2.3 10.0.5.9 41122 5432 6 10 840 1700000000 1700000060 ACCEPT OK";

/** Where everything begins: rules and logs in, what was recognised out. */
export function StartScreen() {
  const told = inputs.value;
  return (
    <Screen
      title="Rules and logs"
      about="Replays VPC flow logs against security-group rules. Files are read in this page and nowhere else; it makes no connection, and its policy forbids any."
    >
      <div class="columns">
        <DropZone
          zone="rules"
          title="Rules"
          about="Answers of the AWS CLI (describe-security-groups, describe-network-interfaces and their sisters), a Terraform state, or rules by hand in YAML; as files or a folder."
          held={
            told === null || told.rules.documents === 0 ? null : <RulesHeld rules={told.rules} />
          }
          paste={{ title: "Paste a rule document", name: "pasted.json", example: RULES_EXAMPLE }}
          named={withTime}
        >
          <RulesFrom />
        </DropZone>
        <DropZone
          zone="logs"
          title="Flow logs"
          about="As S3 or CloudWatch hold them: text, JSON, Parquet or Arrow, compressed or not, any field order and version. A folder of many gigabytes is read as a stream."
          held={told === null || told.logs.files === 0 ? null : <LogsHeld logs={told.logs} />}
          paste={{ title: "Paste log lines", name: "pasted.log", example: LOG_EXAMPLE }}
        />
      </div>
      <div class="row">
        <button
          type="button"
          class="button"
          disabled={looking.value}
          onClick={() => void giveExample()}
        >
          Try the example
        </button>
        <span class="faint">
          A made-up account and half an hour of its log, judged like any other.
        </span>
        <span class="faint" role="status">
          {looking.value ? "Looking at what was given …" : ""}
        </span>
      </div>
      {inputTrouble.value === null ? null : <TroubleNotice trouble={inputTrouble.value} />}
      <FetchCommands />
      {told === null || told.logs.files === 0 ? null : <FormatString />}
      {told === null ? null : <ReadingPanel />}
      {told === null ? null : <BodyView body={told.doctor} />}
    </Screen>
  );
}

function RulesHeld({ rules }: { readonly rules: RulesTold }) {
  if (rules.problem !== null)
    return (
      <Notice tone="bad" live>
        <p>
          {rules.problem.at === undefined ? "" : `${rules.problem.at}: `}
          {rules.problem.message}
        </p>
        {rules.problem.hint === undefined ? null : <p class="faint">{rules.problem.hint}</p>}
      </Notice>
    );
  return (
    <>
      <p>
        <span class="tone-good" aria-hidden="true">
          ✓
        </span>{" "}
        {counted(rules.documents, "document")}: {counted(rules.groups, "group")},{" "}
        {counted(rules.rules, "rule")}, {counted(rules.interfaces, "interface")}
      </p>
      {rules.periods.length < 2 ? null : (
        <p>
          Rules over time:{" "}
          {rules.periods
            .map(
              ({ from, rules: count }) =>
                `${counted(count, "rule")} from ${from === 0 ? "the beginning" : timestamp(from)}`,
            )
            .join(", ")}
          . The last of them are those that are counted above.
        </p>
      )}
      {rules.warnings.map((warning) => (
        <p key={warning} class="tone-warn">
          {warning}
        </p>
      ))}
    </>
  );
}

function LogsHeld({ logs }: { readonly logs: LogsTold }) {
  return (
    <>
      <p>
        <span class="tone-good" aria-hidden="true">
          ✓
        </span>{" "}
        {counted(logs.files, "file")}, {byteSize(logs.bytes)}
      </p>
      {logs.leftOut === 0 ? null : (
        <p class="faint">{counted(logs.leftOut, "other file")} left out: by the name no log.</p>
      )}
    </>
  );
}
