import { describe, expect, test } from "vitest";
import {
  type GenerateOptions,
  generateAccount,
  generateLog,
  type PacketEvent,
  TRUTH_ALLOW,
  TRUTH_DENY,
  TRUTH_NONE,
} from "../../src/generate/index.js";
import { formatAddress } from "../../src/model/address.js";
import { byName, type Collected, collect } from "./collect.js";
import { Replay } from "./replay.js";

const FIELDS =
  "interface-id pkt-srcaddr pkt-dstaddr srcaddr dstaddr srcport dstport protocol packets bytes start end action tcp-flags flow-direction log-status".split(
    " ",
  );
const START = 1_772_409_600;

interface Run extends Collected {
  readonly packets: readonly PacketEvent[];
  readonly admitted: readonly (boolean | undefined)[];
}

function run(options: GenerateOptions): Run {
  const packets: PacketEvent[] = [];
  const all = { ...options, format: FIELDS, liveConnections: 0 };
  const log = collect(generateLog({ ...all, trace: (packet) => packets.push(packet) }));
  const replay = new Replay(generateAccount(options).ruleSet);
  return { ...log, packets, admitted: packets.map((packet) => replay.admits(packet)) };
}

interface Total {
  packets: number;
  bytes: number;
  flags: number;
  records: number;
  windows: Set<number>;
  denied: Set<boolean>;
}

function totalOf(totals: Map<string, Total>, key: string): Total {
  const total = totals.get(key) ?? {
    packets: 0,
    bytes: 0,
    flags: 0,
    records: 0,
    windows: new Set(),
    denied: new Set(),
  };
  totals.set(key, total);
  return total;
}

/** What the packets add up to, per interface, 5-tuple, direction and action. */
function fromPackets({ packets, admitted }: Run, windowSeconds: number): Map<string, Total> {
  const totals = new Map<string, Total>();
  for (const [index, packet] of packets.entries()) {
    if (packet.skipped) continue;
    const ends = [
      `${formatAddress(packet.source)} ${packet.sourcePort}`,
      `${formatAddress(packet.destination)} ${packet.destinationPort}`,
    ].join(" ");
    const action = packet.accepted ? "ACCEPT" : "REJECT";
    const key = `${packet.interfaceId} ${packet.protocol} ${ends} ${packet.direction} ${action}`;
    const total = totalOf(totals, key);
    total.packets += packet.packets;
    total.bytes += packet.bytes;
    total.flags |= packet.tcpFlags;
    total.windows.add(Math.floor((packet.time - START) / windowSeconds + 1e-9));
    if (admitted[index] !== undefined) total.denied.add(!admitted[index]);
  }
  return totals;
}

function fromRecords({ fields, lines }: Run): Map<string, Total> {
  const totals = new Map<string, Total>();
  for (const { text, verdict } of lines) {
    const line = byName(fields, text);
    if (line.get("log-status") !== "OK") continue;
    const key = [
      line.get("interface-id"),
      line.get("protocol"),
      line.get("pkt-srcaddr"),
      line.get("srcport"),
      line.get("pkt-dstaddr"),
      line.get("dstport"),
      line.get("flow-direction"),
      line.get("action"),
    ].join(" ");
    const total = totalOf(totals, key);
    total.packets += Number(line.get("packets"));
    total.bytes += Number(line.get("bytes"));
    total.flags |= line.get("tcp-flags") === "-" ? 0 : Number(line.get("tcp-flags"));
    total.records += 1;
    if (verdict !== TRUTH_NONE) total.denied.add(verdict === TRUTH_DENY);
  }
  return totals;
}

const RUNS: readonly GenerateOptions[] = [
  { records: 6000, seed: 21, lateShare: 0.15, skipShare: 0.01 },
  { records: 6000, seed: 22, interfaces: 12, rulesPerInterface: 200, groupsPerInterface: 4 },
  { records: 4000, seed: 23, windowSeconds: 600, udpShare: 0.6, lateShare: 0.5 },
  { records: 3000, seed: 24, interfaces: 2, rulesPerInterface: 8, scanShare: 0.4 },
  { records: 3000, seed: 25, udpShare: 0, aclShare: 0.2, icmpShare: 0.3, otherShare: 0.1 },
];

describe("truth against a naive replay of the packets", () => {
  test.each(RUNS)("the firewall judged every packet as the rules say: %o", (options) => {
    const { packets, admitted } = run(options);
    const wrong = packets.filter(
      (packet, index) => admitted[index] !== undefined && admitted[index] !== packet.admitted,
    );
    expect(wrong).toEqual([]);
    expect(packets.length).toBeGreaterThan(options.records);
    expect(new Set(admitted)).toContain(false);
  });

  test.each(RUNS)("the records add up to the packets: %o", (options) => {
    const result = run(options);
    const expected = fromPackets(result, options.windowSeconds ?? 60);
    const found = fromRecords(result);
    // The log ends in the midst of the last connection played.
    const last = result.packets.at(-1)!.connection;
    const cut = new Set<string>();
    for (const [key, total] of expected)
      if (!found.has(key) || found.get(key)!.records !== total.windows.size) cut.add(key);
    const lastKeys = fromPackets(
      { ...result, packets: result.packets.map((p) => ({ ...p, skipped: p.connection !== last })) },
      60,
    );
    for (const key of cut) expect(lastKeys.has(key)).toBe(true);
    for (const [key, total] of found) {
      const other = expected.get(key);
      if (cut.has(key)) continue;
      expect({ key, ...total, windows: 0 }).toEqual({
        key,
        ...other,
        records: total.records,
        windows: 0,
      });
    }
    expect(cut.size).toBeLessThan(9);
  });

  test("an accepted record was allowed, a rejected one denied unless the ACL stopped it", () => {
    const { fields, lines } = run({ records: 20_000, seed: 31, aclShare: 0.05 });
    const cells = new Map<string, number>();
    for (const { text, verdict, cause } of lines) {
      const action = byName(fields, text).get("action")!;
      if (verdict === TRUTH_NONE) continue;
      const cell = `${action} ${verdict === TRUTH_ALLOW ? "allow" : "deny"} ${cause === "acl"}`;
      cells.set(cell, (cells.get(cell) ?? 0) + 1);
    }
    expect([...cells.keys()].sort()).toEqual([
      "ACCEPT allow false",
      "REJECT allow true",
      "REJECT deny false",
    ]);
  });

  test("the opener is the side whose packet came first", () => {
    const { fields, lines, packets } = run({ records: 10_000, seed: 32 });
    const first = new Map<number, PacketEvent>();
    for (const packet of packets)
      if (!first.has(packet.connection)) first.set(packet.connection, packet);
    let checked = 0;
    for (const { text, opener, connection, kind } of lines) {
      const line = byName(fields, text);
      if (connection === 0 || opener === 0) continue;
      expect(first.get(connection)!.fromOpener || kind === "tcp").toBe(true);
      if (Number(line.get("tcp-flags")) === 2) {
        expect(line.get("flow-direction")).toBe(opener === 1 ? "egress" : "ingress");
        checked += 1;
      }
      if ((Number(line.get("tcp-flags")) & 16) !== 0 && kind !== "backscatter")
        expect(line.get("flow-direction")).toBe(opener === 2 ? "egress" : "ingress");
    }
    expect(checked).toBeGreaterThan(100);
  });
});
