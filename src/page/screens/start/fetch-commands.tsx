import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { call } from "../../state/engine.js";
import { inputs } from "../../state/inputs.js";

const LOGS = [
  "aws s3 sync s3://BUCKET/AWSLogs/ACCOUNT/vpcflowlogs/REGION/2026/03/ logs/",
  "aws logs filter-log-events --log-group-name LOG-GROUP --output json > log-events.json",
] as const;

/** How to come by the inputs: commands that only read. */
export function FetchCommands() {
  const rules = useSignal<readonly string[]>([]);
  const told = inputs.value;
  useEffect(() => {
    call("fetchCommands").then(
      (commands) => {
        rules.value = commands;
      },
      // Told where the inputs themselves are.
      () => {},
    );
  }, [told]);
  return (
    <details class="panel fetch" open={told === null}>
      <summary>The commands that fetch the inputs</summary>
      <p class="faint">
        They only read. Run them where the AWS CLI is signed in, then give what they wrote.
        {told === null ? "" : " Of the rules those are listed that are still missing."}
      </p>
      {rules.value.length === 0 ? null : (
        <>
          <h3>Rules, per account and region</h3>
          <Code lines={rules.value} />
        </>
      )}
      <h3>Flow logs, from S3 or from CloudWatch</h3>
      <Code lines={LOGS} />
    </details>
  );
}

function Code({ lines }: { readonly lines: readonly string[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <pre class="code" tabIndex={0}>
      {lines.join("\n")}
    </pre>
  );
}
