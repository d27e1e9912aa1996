import { describe, expect, test } from "vitest";
import { makeAccount } from "../../src/generate/account.js";
import {
  DEFAULT_FIELDS,
  FIELD_VERSIONS,
  type GenerateOptions,
  generateLog,
  TRUTH_NONE,
  V2_FIELDS,
} from "../../src/generate/index.js";
import { generateLogOf } from "../../src/generate/log.js";
import { formatAddress, parseAddress } from "../../src/model/address.js";
import { byName, collect, textOf } from "./collect.js";

const RICH: GenerateOptions = {
  records: 40_000,
  seed: 5,
  format: "v5",
  skipShare: 0.002,
  lateShare: 0.1,
};

describe("generateLog", () => {
  test("the same options give the same bytes, another seed others", () => {
    const [one, again, other] = [3, 3, 4].map((seed) =>
      textOf(generateLog({ records: 3000, seed })),
    );
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });

  test("the size of the chunks changes the cutting alone", () => {
    const whole = collect(generateLog({ ...RICH, records: 9000 }));
    for (const chunkBytes of [4096, 5000, 65_536, 3_000_000]) {
      const chunks = [...generateLog({ ...RICH, records: 9000, chunkBytes })];
      expect(collect(chunks)).toEqual(whole);
      for (const { text } of chunks) {
        expect(text.length).toBeLessThanOrEqual(chunkBytes);
        expect(text.at(-1)).toBe(10);
      }
    }
  });

  test.each([0, 1, 2, 17, 1000, 12_345])("writes exactly %i records", (records) => {
    const { lines } = collect(generateLog({ records }));
    expect(lines.length).toBe(records);
  });

  test("the header is optional", () => {
    const without = textOf(generateLog({ records: 100, header: false }));
    expect(textOf(generateLog({ records: 100 }))).toBe(`${V2_FIELDS.join(" ")}\n${without}`);
  });

  test.each<[string, GenerateOptions["format"], readonly string[], string]>([
    ["v2", "v2", V2_FIELDS, "2"],
    ["v5", "v5", DEFAULT_FIELDS, "8"],
    ["every field, backwards", [...FIELD_VERSIONS.keys()].reverse(), [], "11"],
    ["five fields", ["dstaddr", "version", "srcaddr", "end", "tcp-flags"], [], "3"],
  ])("format %s", (_, format, expected, version) => {
    const { fields, lines } = collect(generateLog({ records: 2000, format: format! }));
    expect(fields).toEqual(expected.length > 0 ? expected : format);
    for (const { text } of lines) expect(byName(fields, text).get("version")).toBe(version);
  });

  test("flags, ports, times and addresses are what AWS can show", () => {
    const flags = new Set<string>();
    const { fields, lines } = collect(generateLog(RICH));
    for (const { text } of lines) {
      const line = byName(fields, text);
      if (line.get("log-status") !== "OK") continue;
      flags.add(line.get("tcp-flags")!);
      const family = line.get("type") === "IPv6" ? 6 : 4;
      for (const name of ["srcaddr", "dstaddr", "pkt-srcaddr", "pkt-dstaddr"]) {
        const address = parseAddress(line.get(name)!)!;
        expect(address.family).toBe(family);
        expect(formatAddress(address)).toBe(line.get(name));
      }
      const hasPorts = ["6", "17"].includes(line.get("protocol")!);
      if (!hasPorts) expect([line.get("srcport"), line.get("dstport")]).toEqual(["0", "0"]);
      expect(Number(line.get("start"))).toBeLessThanOrEqual(Number(line.get("end")));
      expect(Number(line.get("end")) - Number(line.get("start"))).toBeLessThanOrEqual(180);
      expect(Number(line.get("packets"))).toBeGreaterThan(0);
      expect(Number(line.get("bytes"))).toBeGreaterThanOrEqual(40);
      expect(line.get("traffic-path") === "-").toBe(line.get("flow-direction") === "ingress");
    }
    const closed = "- 0 1 2 3 4 5 6 7 18 19 22 23".split(" ");
    expect([...flags].filter((flag) => !closed.includes(flag))).toEqual([]);
    for (const flag of ["0", "1", "2", "3", "4", "18", "19"]) expect(flags).toContain(flag);
  });

  test("holds every kind of traffic and every cause", () => {
    const { fields, lines } = collect(generateLog(RICH));
    const kinds = new Set(lines.map(({ kind }) => kind));
    const causes = new Set(lines.map(({ cause }) => cause));
    for (const kind of ["tcp", "udp", "icmp", "other", "scan", "attempt", "backscatter", "none"])
      expect(kinds).toContain(kind);
    for (const cause of "before-log through-balancer reopened late-near late acl".split(" "))
      expect(causes).toContain(cause);
    const types = new Set(lines.map(({ text }) => byName(fields, text).get("type")));
    expect(types).toEqual(new Set(["IPv4", "IPv6", "-"]));
  });

  test("an address may differ from the packet's: secondary, delegated and translated ones", () => {
    const spec = makeAccount(RICH);
    const { fields, lines } = collect(generateLog(RICH));
    const shown = (kind: string): number => {
      const ids = new Set(spec.interfaces.filter((item) => item.kind === kind).map(({ id }) => id));
      return lines.filter(({ text }) => {
        const line = byName(fields, text);
        const differs =
          line.get("srcaddr") !== line.get("pkt-srcaddr") ||
          line.get("dstaddr") !== line.get("pkt-dstaddr");
        return differs && ids.has(line.get("interface-id")!);
      }).length;
    };
    expect(shown("nat")).toBeGreaterThan(100);
    expect(shown("instance")).toBeGreaterThan(100);
    expect(shown("balancer")).toBe(0);
  });

  test("NODATA and SKIPDATA lines bear no truth", () => {
    const { fields, lines } = collect(
      generateLog({ ...RICH, skipShare: 0.02, nodataShare: 0.05, records: 20_000 }),
    );
    const byStatus = new Map<string, number>();
    for (const { text, verdict, opener, connection } of lines) {
      const line = byName(fields, text);
      const status = line.get("log-status")!;
      byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
      if (status === "OK") continue;
      expect([verdict, opener, connection]).toEqual([TRUTH_NONE, 0, 0]);
      expect(line.get("action")).toBe("-");
    }
    expect(byStatus.get("NODATA")).toBeGreaterThan(10);
    expect(byStatus.get("SKIPDATA")).toBeGreaterThan(10);
  });

  test("records arrive roughly by time", () => {
    const { fields, lines } = collect(generateLog({ records: 30_000 }));
    let newest = 0;
    for (const { text } of lines) {
      const end = Number(byName(fields, text).get("end"));
      newest = Math.max(newest, end);
      expect(newest - end).toBeLessThan(400);
    }
  });

  test("keeps the chosen number of connections alive, in memory that the length of the log does not change", () => {
    const spec = makeAccount({});
    const run = (records: number): { rows: number; live: number }[] => {
      const seen: { rows: number; live: number }[] = [];
      const options = { records, ratePerSecond: 50, liveConnections: 700 };
      for (const _ of generateLogOf(spec, options, (now) => seen.push({ ...now })));
      return seen;
    };
    const short = run(30_000);
    const long = run(120_000);
    for (const { live } of long.slice(1)) expect(live).toBeGreaterThanOrEqual(700);
    expect(long.at(-1)!.rows).toBe(short.at(-1)!.rows);
    expect(long.at(-1)!.rows).toBeLessThan(5000);
  });

  test("chunks are made one after the other, not all at once", () => {
    const log = generateLog({ records: 1_000_000_000, ratePerSecond: 1_000_000 });
    let bytes = 0;
    for (const { text } of log) {
      bytes += text.length;
      if (bytes > 5_000_000) break;
    }
    expect(bytes).toBeLessThan(8_000_000);
  });

  test.each<GenerateOptions>([
    { records: -1 },
    { records: 1.5 },
    { records: 1, ratePerSecond: 0 },
    { records: 1, windowSeconds: 61 as 60 },
    { records: 1, format: "v3" as "v2" },
    { records: 1, format: [] },
    { records: 1, format: ["start", "start"] },
    { records: 1, format: ["colour"] },
    { records: 1, chunkBytes: 100 },
    { records: 1, udpShare: 0.9, scanShare: 0.5 },
    { records: 1, lateShare: Number.NaN },
  ])("refuses %o", (options) => {
    expect(() => generateLog(options).next()).toThrowError(
      expect.objectContaining({ code: "generate-option" }),
    );
  });
});
