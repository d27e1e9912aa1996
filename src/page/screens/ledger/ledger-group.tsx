import { type Signal, useSignal } from "@preact/signals";
import type { RuleUsage, UsageClass } from "../../../questions/index.js";
import { grouped, magnitude } from "../../../report/quantity.js";
import { serviceText } from "../../../report/service-text.js";
import { groupCoverageText, ruleDetails } from "../../../report/usage-sections.js";
import { Detail } from "../../parts/body-view.js";
import { MoreButton } from "../../parts/more-button.js";
import { Panel } from "../../parts/panel.js";

/** Shape, then tone, of each class. */
const MARKS: Readonly<Record<UsageClass, readonly [mark: string, tone: string]>> = {
  used: ["✓", "good"],
  redundant: ["=", "warn"],
  "no-evidence": ["○", "warn"],
  "not-observable": ["?", "faint"],
  "on-no-interface": ["○", "warn"],
  undecidable: ["?", "faint"],
};

/** Groups of the ledger by id; null = it has no name. */
type GroupNames = ReadonlyMap<string, string | null>;

interface Chosen {
  readonly chosen: Signal<ReadonlySet<string>>;
}

/** The rules of one group; `most`: connections of the rule with most of all. */
export function LedgerGroup({
  rules,
  most,
  names,
  chosen,
}: Chosen & {
  readonly rules: readonly RuleUsage[];
  readonly most: number;
  readonly names: GroupNames;
}) {
  const [first] = rules;
  if (first === undefined) return null;
  return (
    <Panel
      title={first.groupName ?? first.groupId}
      aside={first.groupName === null ? null : <code class="faint">{first.groupId}</code>}
    >
      <p class="faint">{groupCoverageText(first.coverage)}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div class="scroll" tabIndex={0}>
        <table class="table ledger">
          <thead>
            <tr>
              <th scope="col">
                <span class="hidden">chosen to go</span>
              </th>
              <th scope="col">use</th>
              <th scope="col">service</th>
              <th scope="col">peer</th>
              <th scope="col">connections, alone</th>
              <th scope="col">addresses used</th>
              <th scope="col">ports used</th>
              <th scope="col">
                <span class="hidden">more</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rules.map((rule) => (
              <RuleRows key={rule.id} rule={rule} most={most} names={names} chosen={chosen} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function RuleRows({
  rule,
  most,
  names,
  chosen,
}: Chosen & {
  readonly rule: RuleUsage;
  readonly most: number;
  readonly names: GroupNames;
}) {
  const open = useSignal(false);
  const { id, direction, peer, class: use } = rule;
  const [mark, tone] = MARKS[use];
  const name = `${direction} ${serviceText(rule)} ${peer}`;
  return (
    <>
      <tr class={open.value ? "has-details" : undefined}>
        <td>
          <input
            type="checkbox"
            aria-label={`Choose to go: ${name}`}
            checked={chosen.value.has(id)}
            onChange={(event) => {
              const next = new Set(chosen.value);
              if (event.currentTarget.checked) next.add(id);
              else next.delete(id);
              chosen.value = next;
            }}
          />
        </td>
        <td class={`tone-${tone}`}>
          <span aria-hidden="true">{mark}</span> {use}
        </td>
        <td>
          <span class="faint">{direction === "ingress" ? "in" : "out"}</span> {serviceText(rule)}
        </td>
        <td class="end">
          {names.get(peer) == null ? (
            <code>{peer}</code>
          ) : (
            <span title={peer}>{names.get(peer)}</span>
          )}
          {rule.description === null ? null : <div class="faint small">{rule.description}</div>}
        </td>
        <td>
          <Hits rule={rule} most={most} />
        </td>
        <td>
          <Addresses rule={rule} />
        </td>
        <td>
          <Ports rule={rule} />
        </td>
        <td>
          <MoreButton open={open} about={name} />
        </td>
      </tr>
      {open.value ? (
        <tr>
          <td />
          <td colSpan={7}>
            <div class="details">
              <div>
                <code>{id}</code>
              </div>
              {ruleDetails(rule).map((detail, at) => (
                <Detail key={at} detail={detail} />
              ))}
            </div>
          </td>
        </tr>
      ) : null}
    </>
  );
}

/** Bars have the length of the square root: beside one with a million a hundred is still seen. */
function lengthOf(part: number, most: number): string {
  return `${100 * Math.sqrt(part / most)}%`;
}

function Hits({ rule, most }: { readonly rule: RuleUsage; readonly most: number }) {
  const { connections, soleConnections } = rule;
  return (
    <>
      <span class="bar-number">
        {grouped(connections)}
        <span class="faint">, {grouped(soleConnections)} alone</span>
      </span>
      <div class="bar-track" aria-hidden="true">
        <div class="bar-fill bar-shared" style={{ width: lengthOf(connections, most) }} />
        <div class="bar-fill bar-over-it" style={{ width: lengthOf(soleConnections, most) }} />
      </div>
    </>
  );
}

/** Large address spaces by their power of two, which is what a block is. */
function spaceText(addresses: number): string {
  if (addresses < 1_000_000) return grouped(addresses);
  const power = Math.log2(addresses);
  return `${Number.isInteger(power) ? "" : "about "}2^${Math.round(power)}`;
}

function Addresses({ rule: { addresses } }: { readonly rule: RuleUsage }) {
  const { seen, of } = addresses;
  // Of address spaces only the order of magnitude can be seen.
  const share = of === null || seen === 0 ? 0 : Math.log2(seen + 1) / Math.log2(of + 1);
  return (
    <>
      <span class="bar-number">
        {grouped(seen)}
        <span class="faint" title={of === null ? undefined : magnitude(of)}>
          {of !== null && seen > of ? ", the group has " : " of "}
          {of === null ? "unknown" : spaceText(of)}
        </span>
      </span>
      <div class="bar-track" aria-hidden="true">
        <div class="bar-fill" style={{ width: `${100 * Math.min(1, share)}%` }} />
      </div>
    </>
  );
}

/** Where in the range the used ports lie. */
function Ports({ rule }: { readonly rule: RuleUsage }) {
  const { ports, fromPort } = rule;
  if (ports === null) return <span class="faint">-</span>;
  const at = (port: number): number => (100 * (port - Math.max(0, fromPort))) / ports.of;
  return (
    <>
      <span class="bar-number">
        {grouped(ports.seen)}
        <span class="faint"> of {grouped(ports.of)}</span>
      </span>
      <div class="bar-track bar-range" aria-hidden="true">
        {ports.ranges.map(({ from, to }) => (
          <div
            key={from}
            class="bar-part"
            style={{ left: `${at(from)}%`, width: `${(100 * (to - from + 1)) / ports.of}%` }}
          />
        ))}
      </div>
    </>
  );
}
