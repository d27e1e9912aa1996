import { useSignal } from "@preact/signals";
import type { WhyTold } from "../../protocol.js";

/** The record as a line, and commands that find it where it came from. */
export function RawLine({
  raw: { fields, line },
  cells,
}: {
  readonly raw: WhyTold["raw"];
  readonly cells: ReadonlyMap<string, string>;
}) {
  return (
    <section class="stack" aria-label="The line">
      <h3>The line</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre class="code" tabIndex={0}>
        {`${fields}\n${line}`}
      </pre>
      <p class="faint small">
        Written anew from its fields; those of the log that AWS does not know are below.
      </p>
      <div class="row">
        <CopyButton text={line}>Copy line</CopyButton>
        <CopyButton text={awsCommand(cells)}>Copy as AWS CLI</CopyButton>
        <CopyButton text={sqlFilter(cells)}>Copy as SQL</CopyButton>
        <CopyButton text={whyCommand(cells)}>Copy as flowverdict why</CopyButton>
      </div>
    </section>
  );
}

function CopyButton({ text, children }: { readonly text: string; readonly children: string }) {
  const said = useSignal("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      said.value = "✓ copied";
    } catch {
      said.value = copyByHand(text) ? "✓ copied" : "the browser does not let us copy";
    }
  };
  return (
    <span class="row">
      <button type="button" class="button button-small" onClick={() => void copy()}>
        {children}
      </button>
      <span class="faint small" role="status">
        {said.value}
      </span>
    </span>
  );
}

/** Where the clipboard is not open to a page, a selection still is. */
function copyByHand(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "hidden";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

/** For a shell: whatever a log holds stays one word. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** For SQL and Logs Insights alike. */
function quotedValue(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Finds the records of the same flow in CloudWatch Logs. */
function awsCommand(cells: ReadonlyMap<string, string>): string {
  const tests = [
    ["interfaceId", "interface_id"],
    ["srcAddr", "srcaddr"],
    ["dstAddr", "dstaddr"],
    ["srcPort", "srcport"],
    ["dstPort", "dstport"],
  ].flatMap(([name, column]) => {
    const value = cells.get(column!);
    if (value === undefined) return [];
    return [`${name} = ${/^\d+$/.test(value) ? value : quotedValue(value)}`];
  });
  const query = `fields @timestamp, @message | filter ${tests.join(" and ")} | sort @timestamp`;
  const start = Number(cells.get("start") ?? 0);
  const end = Number(cells.get("end") ?? start);
  return `aws logs start-query --log-group-name LOG-GROUP --start-time ${start} --end-time ${end + 1} --query-string ${quoted(query)}`;
}

/** Finds the record in a table over the logs, as Athena has it. */
function sqlFilter(cells: ReadonlyMap<string, string>): string {
  const tests = ["interface_id", "srcaddr", "dstaddr", "srcport", "dstport", "start"].flatMap(
    (column) => {
      const value = cells.get(column);
      if (value === undefined) return [];
      const name = column === "start" ? '"start"' : column;
      return [`${name} = ${/^\d+$/.test(value) ? value : quotedValue(value)}`];
    },
  );
  return `SELECT * FROM vpc_flow_logs WHERE ${tests.join(" AND ")}`;
}

function whyCommand(cells: ReadonlyMap<string, string>): string {
  const place = `${cells.get("file") ?? ""}:${cells.get("line") ?? ""}`;
  return `flowverdict why ${quoted(place)} --rules RULES --context LOGS`;
}
