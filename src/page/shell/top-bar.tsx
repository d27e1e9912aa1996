import { byteSize, counted, grouped } from "../../report/quantity.js";
import { inputs } from "../state/inputs.js";
import { reading } from "../state/reading.js";
import { refusedRequests, requests } from "../state/requests.js";
import { hrefOf } from "../state/route.js";
import { type Theme, theme } from "../state/theme.js";

/** What is loaded, and what this page has asked of the network since: nothing. */
export function TopBar() {
  return (
    <header class="bar">
      <a class="bar-name" href={hrefOf("start")}>
        flowverdict
      </a>
      <span class="bar-what">
        <What />
      </span>
      <div class="bar-end">
        <RequestsBadge />
        <ThemeChoice />
      </div>
    </header>
  );
}

function What() {
  const told = inputs.value;
  if (told === null) return <>Nothing leaves this machine</>;
  const { rules, logs } = told;
  const parts = [
    rules.documents === 0 ? "no rules" : `${counted(rules.rules, "rule")}`,
    logs.files === 0 ? "no logs" : `${counted(logs.files, "log file")}, ${byteSize(logs.bytes)}`,
  ];
  const now = reading.value;
  if (now.phase === "done") parts.push(`${grouped(now.told.summary.records.read)} records read`);
  if (now.phase === "reading") parts.push(now.paused ? "paused" : "reading");
  return <>{parts.join(" · ")}</>;
}

function RequestsBadge() {
  const count = requests.value;
  const stopped = refusedRequests.value;
  const text = `${counted(count, "request")} since load`;
  return (
    <span
      class={count === 0 ? "badge" : "badge badge-alarm"}
      title="As the browser counts them, for this page and its worker; the page's own files aside, where it is hosted. A content security policy forbids every connection."
    >
      {text}
      {stopped === 0 ? "" : `, ${grouped(stopped)} stopped`}
    </span>
  );
}

const THEMES: readonly (readonly [Theme, string])[] = [
  ["system", "As the system"],
  ["light", "Light"],
  ["dark", "Dark"],
];

function ThemeChoice() {
  return (
    <label>
      <span class="hidden">Colours</span>
      <select
        class="field"
        value={theme.value}
        onChange={(event) => {
          theme.value = event.currentTarget.value as Theme;
        }}
      >
        {THEMES.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
