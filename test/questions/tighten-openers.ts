import { parseAddress } from "../../src/model/address.js";
import type { JudgedOpener } from "../../src/model/opener.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import type { Direction } from "../../src/model/verdict.js";
import { answer } from "../match/oracle.js";

const PROTOCOLS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 };

/**
 * A judged row in short form: `eni-web ingress tcp/443 10.0.0.7 x3`, the last word its connections. The ruling is the
 * brute-force oracle's, under every rule set given.
 */
export function opener(
  ruleSets: RuleSet | readonly RuleSet[],
  text: string,
  more: Partial<JudgedOpener> = {},
): JudgedOpener {
  const [interfaceId = "", direction, traffic = "", remoteText = "", times = "x1"] =
    text.split(" ");
  const [name = "", portText] = traffic.split("/");
  const remote = parseAddress(remoteText);
  if (remote === undefined) throw new Error(`${remoteText} is not an address`);
  const protocol = PROTOCOLS[name] ?? Number(name);
  const connections = Number(times.slice(1));
  const port = portText === undefined ? null : Number(portText);
  const row = {
    interfaceId,
    direction: direction as Direction,
    protocol,
    remote,
    port,
    grade: "measured",
    action: "accepted",
    connections,
    openingsAssumed: 0,
    forward: 2 * connections,
    replies: connections,
    bytes: 100 * connections,
    first: 1_700_000_000,
    last: 1_700_000_060,
    samples: [{ file: "day.log", line: 7, start: 1_700_000_000 }],
    changes: [],
    scanner: false,
    ...more,
  } as const;
  const list: readonly RuleSet[] = Array.isArray(ruleSets) ? ruleSets : [ruleSets as RuleSet];
  const rulings = list.map((ruleSet) => {
    const groupIds = ruleSet.interfaces.get(interfaceId)?.groupIds ?? [];
    const time = row.first;
    const evidence = new Set<string>();
    const asked = {
      groupIds,
      direction: direction as Direction,
      remote,
      protocol,
      port: port ?? 0,
    };
    const found = answer(ruleSet, { ...asked, time, evidence });
    const { verdict, reason, detail } = row.action === "rejected" ? found.rejected : found.accepted;
    const rules = verdict === "allow" ? found.rules : [];
    return { verdict, reason: reason as "rule", detail, rules };
  });
  return { rulings, ...row };
}
