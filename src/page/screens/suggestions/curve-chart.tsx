import type { QuotaMark, SuggestionPart } from "../../../questions/index.js";
import { counted, grouped, magnitude } from "../../../report/quantity.js";

const WIDTH = 360;
const HEIGHT = 180;
const LEFT = 42;
const BOTTOM = 22;
const TOP = 10;

/** What a number of rules opens at least, in powers of ten; where AWS's quota lies, and what is suggested. */
export function CurveChart({
  part: { direction, family, curve, suggested, present },
  quotas,
}: {
  readonly part: SuggestionPart;
  readonly quotas: readonly QuotaMark[];
}) {
  const points = curve.filter(({ log10 }) => log10 !== null);
  const title = `${direction}, IPv${family}`;
  const quota = quotas.find(({ name }) => name === "rules-per-group")?.rules ?? 0;
  const chosenLog = Math.log10(Math.max(1, suggested.permissiveness));
  const presentLog = Math.log10(Math.max(1, present.permissiveness));
  const mostRules = Math.max(2, ...points.map(({ rules }) => rules), suggested.rules);
  const mostLog = Math.max(1, ...points.map(({ log10 }) => log10!), presentLog);
  const x = (rules: number): number =>
    LEFT + ((WIDTH - LEFT - 8) * (rules - 1)) / Math.max(1, mostRules - 1);
  const y = (log: number): number => HEIGHT - BOTTOM - ((HEIGHT - BOTTOM - TOP) * log) / mostLog;
  const path = points
    .map(({ rules, log10 }, i) => `${i === 0 ? "M" : "L"}${x(rules)} ${y(log10!)}`)
    .join("");
  const ticks = [0, 0.5, 1].map((share) => Math.round(share * mostLog));
  return (
    <figure class="curve">
      <figcaption>
        <strong>{title}</strong>{" "}
        <span class="faint">
          {counted(suggested.rules, "rule")}, {magnitude(suggested.permissiveness)} address-port
          pairs; now {counted(present.rules, "rule")}, {magnitude(present.permissiveness)}
        </span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${title}: ${saidOf(points)}`}>
        {[...new Set(ticks)].map((tick) => (
          <g key={tick}>
            <line class="curve-grid" x1={LEFT} x2={WIDTH - 8} y1={y(tick)} y2={y(tick)} />
            <text x={LEFT - 6} y={y(tick) + 4} text-anchor="end">
              10^{tick}
            </text>
          </g>
        ))}
        {quota > 1 && quota <= mostRules ? (
          <g>
            <line class="curve-quota" x1={x(quota)} x2={x(quota)} y1={TOP} y2={HEIGHT - BOTTOM} />
            <text x={x(quota) - 4} y={TOP + 22} text-anchor="end">
              quota {grouped(quota)}
            </text>
          </g>
        ) : null}
        <line class="curve-now" x1={LEFT} x2={WIDTH - 8} y1={y(presentLog)} y2={y(presentLog)} />
        <text x={WIDTH - 8} y={y(presentLog) - 4} text-anchor="end">
          now
        </text>
        <path class="curve-line" d={path} />
        <circle class="curve-chosen" cx={x(suggested.rules)} cy={y(chosenLog)} r={4} />
        <text x={LEFT} y={HEIGHT - 6}>
          1 rule
        </text>
        <text x={WIDTH - 8} y={HEIGHT - 6} text-anchor="end">
          {grouped(mostRules)} rules
        </text>
      </svg>
    </figure>
  );
}

function saidOf(points: SuggestionPart["curve"]): string {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return "no rules are needed";
  return `from ${counted(first.rules, "rule")} that open ${magnitude(first.permissiveness)} pairs to ${counted(last.rules, "rule")} that open ${magnitude(last.permissiveness)}`;
}
