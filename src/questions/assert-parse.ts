import type { Place } from "../model/rule-set.js";
import { readEnds, readPorts } from "./assert-ends.js";
import { readList, readMap, readText, readYaml, refuse, type YamlValue } from "./assert-yaml.js";
import {
  type Acceptance,
  type Assertion,
  type AssertionFile,
  type EndName,
  EVIDENCE_KINDS,
  type EvidenceKind,
  type TrafficName,
} from "./assertion.js";

const KINDS = ["deny", "allow", "no-world-open-unused"] as const;
const ENDS = ["from", "except-from", "to", "except-to", "port"] as const;
const ACCEPTED_CHANGES = ["newly-denied", "newly-allowed", "undetermined"] as const;
const DAY = 86_400;

type Keys = ReadonlyMap<string, YamlValue>;

function optionalEnds(keys: Keys, key: string): readonly EndName[] {
  return keys.has(key) ? readEnds(keys.get(key)) : [];
}

function readTraffic(keys: Keys): TrafficName {
  return {
    from: readEnds(keys.get("from")),
    exceptFrom: optionalEnds(keys, "except-from"),
    to: readEnds(keys.get("to")),
    exceptTo: optionalEnds(keys, "except-to"),
    ports: readPorts(keys.get("port")),
  };
}

function endWords(ends: readonly EndName[]): string {
  return ends.map((end) => (end.kind === "any" ? "any" : end.text)).join(", ");
}

function trafficWords({ from, exceptFrom, to, exceptTo, ports }: TrafficName): string {
  const except = (ends: readonly EndName[]): string =>
    ends.length === 0 ? "" : ` except ${endWords(ends)}`;
  const on = ports.map(({ text }) => text).join(", ");
  return `${endWords(from)}${except(exceptFrom)} -> ${endWords(to)}${except(exceptTo)} ${on}`;
}

function isNamed({ kind }: EndName): boolean {
  return kind === "group" || kind === "interface";
}

function readBy(value: YamlValue | undefined): readonly EvidenceKind[] {
  if (value === undefined) return EVIDENCE_KINDS;
  const words = "allowed: traffic, rules, or a list of both";
  const found = readList(value, "by", true).map((item) => {
    const text = readText(item, "by", words);
    const kind = EVIDENCE_KINDS.find((known) => known === text);
    return kind ?? refuse(item.at, `"${text}" is no kind of evidence`, words);
  });
  return found.length > 0 ? [...new Set(found)] : refuse(value.at, "by is empty", words);
}

function readCount(value: YamlValue | undefined, at: Place): number {
  const words = "write days: a whole number from 1 to 3650";
  if (value === undefined) return refuse(at, "days is missing", words);
  const text = readText(value, "days", words);
  const days = /^[0-9]{1,4}$/.test(text) ? Number(text) : 0;
  return days >= 1 && days <= 3650
    ? days
    : refuse(value.at, `"${text}" is no number of days`, words);
}

function readAssertion(value: YamlValue): Assertion {
  const keys = readMap(value, "an assertion", [...KINDS, "name"]);
  const [kind, second] = KINDS.filter((known) => keys.has(known));
  if (kind === undefined || second !== undefined)
    return refuse(
      value.at,
      kind === undefined ? "the assertion says nothing" : `${kind} stands beside ${second}`,
      `write one of ${KINDS.join(", ")} per assertion`,
    );
  const body = keys.get(kind)!;
  const named = keys.get("name");
  const name = named === undefined ? undefined : readText(named, "name", "write a few words");
  if (kind === "no-world-open-unused") {
    const inside = readMap(body, kind, ["days", "group", "port"]);
    const days = readCount(inside.get("days"), body.at);
    const groups = optionalEnds(inside, "group");
    const other = groups.find((end) => end.kind !== "group");
    if (other !== undefined)
      refuse(
        inside.get("group")!.at,
        `${endWords([other])} is no group`,
        "allowed: sg-..., or group NAME",
      );
    const ports = readPorts(inside.get("port"));
    const title = name ?? `no rule open to the world without a hit in ${days} days`;
    return { kind, days, groups, ports, title, at: value.at };
  }
  const inside = readMap(body, kind, [...ENDS, "by"]);
  const traffic = readTraffic(inside);
  const by = readBy(inside.get("by"));
  if (kind === "allow" && ![...traffic.from, ...traffic.to].some(isNamed) && by.includes("rules"))
    refuse(
      body.at,
      "no end of it is a group or an interface, so no rules can be asked",
      "name a group or an interface in from or to, or write by: traffic",
    );
  return { kind, traffic, by, title: name ?? `${kind} ${trafficWords(traffic)}`, at: value.at };
}

/** `2027-01-31` holds through that day, UTC. */
function readDay(value: YamlValue): { readonly expires: string; readonly expiresAt: number } {
  const words = "write a day as 2027-01-31; the acceptance holds through that day (UTC)";
  const expires = readText(value, "expires", words);
  const start = /^\d{4}-\d{2}-\d{2}$/.test(expires)
    ? Date.parse(`${expires}T00:00:00Z`)
    : Number.NaN;
  const isDay = !Number.isNaN(start) && new Date(start).toISOString().startsWith(expires);
  if (!isDay) refuse(value.at, `"${expires}" is not a day`, words);
  return { expires, expiresAt: start / 1000 + DAY };
}

function required(keys: Keys, key: string, at: Place, allowed: string): YamlValue {
  return keys.get(key) ?? refuse(at, `${key} is missing`, allowed);
}

function readAcceptance(value: YamlValue): Acceptance {
  const keys = readMap(value, "an accepted change", [
    "change",
    ...ENDS,
    "owner",
    "expires",
    "note",
  ]);
  const words = `write change: ${ACCEPTED_CHANGES.join(", or ")}`;
  const changeAt = required(keys, "change", value.at, words);
  const text = readText(changeAt, "change", words);
  const change = ACCEPTED_CHANGES.find((known) => known === text);
  if (change === undefined) return refuse(changeAt.at, `"${text}" is no change to accept`, words);
  const who = "write owner: who answers for it";
  const owner = readText(required(keys, "owner", value.at, who), "owner", who);
  const until = "write expires: the last day it holds, as 2027-01-31";
  const day = readDay(required(keys, "expires", value.at, until));
  const traffic = readTraffic(keys);
  const noted = keys.get("note");
  const note = noted === undefined ? null : readText(noted, "note", "write a few words");
  const title = `${change} ${trafficWords(traffic)}`;
  return { change, traffic, owner, ...day, note, title, at: value.at };
}

/**
 * Reads an assertion file, YAML 1.2 without anchors, aliases and tags:
 *
 *     version: 1
 *     assertions:                       # each one of these three, with name: WORDS if wanted
 *       - deny: {from: ENDS, except-from: ENDS, to: ENDS, except-to: ENDS, port: PORTS, by: EVIDENCE}
 *       - allow: {the same keys}        # by rules: a group or an interface in from or to
 *       - no-world-open-unused: {days: 1-3650, group: GROUPS, port: PORTS}
 *     accepted:
 *       - {change: newly-denied | newly-allowed | undetermined, the keys of ends and port,
 *          owner: WORDS, expires: YYYY-MM-DD, note: WORDS}
 *
 * ENDS: any, an address, a CIDR, sg-..., group NAME, eni-..., interface ID, pl-..., prefix-list NAME, or a list.
 * PORTS: any, tcp/443, udp/1000-2000, tcp, udp, icmp, icmpv6, a protocol number, or a list. EVIDENCE: traffic, rules.
 * What is left out is any; both kinds of evidence. Throws `assertions-invalid` with file, line and column: nothing in
 * it is guessed at or passed over.
 */
export function parseAssertions(text: string, name: string): AssertionFile {
  const root = readYaml(text, name);
  const keys = readMap(root, "an assertion file", ["version", "assertions", "accepted"]);
  const version = required(keys, "version", root.at, "begin with version: 1");
  if (readText(version, "version", "write version: 1") !== "1")
    refuse(version.at, "the version is not 1", "this program reads version: 1");
  const items = <T>(key: string, read: (value: YamlValue) => T): readonly T[] => {
    const list = keys.get(key);
    return list === undefined ? [] : readList(list, key, false).map(read);
  };
  return {
    name,
    assertions: items("assertions", readAssertion),
    accepted: items("accepted", readAcceptance),
  };
}
