import { describe, expect, test } from "vitest";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } from "../../src/model/timers.js";
import { explainRecord } from "../../src/reference/index.js";
import { flows } from "../support/flow-text.js";
import { buildRuleSet } from "../support/rule-set-builder.js";

const RULES = buildRuleSet({
  groups: { "sg-a": {} },
  interfaces: { "eni-1": { groups: ["sg-a"], addresses: ["10.0.1.10"] } },
});

/** Opener, grade and evidence of the last record; the others stand before it in the log. */
function openerOf(text: string): string {
  const records = flows(text);
  const last = records.at(-1);
  const options = { timers: DEFAULT_TIMERS, lookAhead: DEFAULT_LOOK_AHEAD };
  const found = last && explainRecord(last, records, RULES, options)?.connection?.opener;
  return found === undefined || found === null
    ? "none"
    : `${found.opener} ${found.grade} ${found.because}`;
}

function pair(local: number, remote: number, protocol = "tcp"): string {
  return `0+0 eni-1 ${protocol} 10.0.7.7:${remote} > 10.0.1.10:${local} ACCEPT
    0+0 eni-1 ${protocol} 10.0.1.10:${local} > 10.0.7.7:${remote} ACCEPT`;
}

describe("4.1 measured", () => {
  const head = "0+0 eni-1 tcp 10.0.7.7:5000 > 10.0.1.10:6000";
  test.each([
    [`${head} ACCEPT flags=2`, "remote measured syn"],
    [`${head} REJECT flags=2`, "remote measured syn"],
    [`${head} ACCEPT flags=3`, "remote measured syn"],
    [`${head} ACCEPT flags=18`, "local measured syn-answer"],
    [`${head} - flags=22`, "local measured syn-answer"],
    [`${head} REJECT flags=18`, "remote rejected rejected-opening"],
    [`${head} ACCEPT flags=0`, "unknown unknown nothing"],
    [`${head.replace("tcp", "udp")} ACCEPT flags=18`, "remote one-way only-direction"],
  ])("%s", (text, wanted) => {
    expect(openerOf(text)).toBe(wanted);
  });

  test("a contradiction asks no weaker grade", () => {
    const text = pair(443, 41_000).replaceAll("ACCEPT", "ACCEPT flags=2");
    expect(openerOf(text)).toBe("unknown unknown syn-contradiction");
  });
});

describe("4.2 rejected", () => {
  const there = "0+0 eni-1 tcp 10.0.7.7:5000 > 10.0.1.10:6000";
  const back = "0+0 eni-1 tcp 10.0.1.10:6000 > 10.0.7.7:5000";
  test.each([
    [`${there} REJECT`, "remote rejected rejected-opening"],
    [`${there} REJECT\n${back} ACCEPT`, "local rejected rejected-replies"],
    [`${there} -\n${back} REJECT`, "remote rejected rejected-replies"],
    [`${there} REJECT\n${back} REJECT`, "unknown unknown nothing"],
    [`${there} ACCEPT\n${there} REJECT\n${back} REJECT`, "unknown unknown nothing"],
  ])("%s", (text, wanted) => {
    expect(openerOf(text)).toBe(wanted);
  });
});

describe("4.3 ports: local, remote", () => {
  test.each([
    [443, 41_000, "tcp", "remote"],
    [41_000, 443, "udp", "local"],
    [443, 22, "tcp", "unknown"],
    [443, 443, "tcp", "unknown"],
    [2049, 1023, "tcp", "remote"],
    [1023, 2049, "udp", "local"],
    [2049, 1024, "tcp", "unknown"],
    [20, 2049, "tcp", "local"],
    [20, 1024, "tcp", "local"],
    [1024, 20, "tcp", "remote"],
    [20, 1024, "udp", "remote"],
    [20, 1023, "tcp", "unknown"],
    [6000, 32_768, "tcp", "remote"],
    [32_767, 65_535, "tcp", "remote"],
    [32_768, 65_535, "tcp", "unknown"],
    [5000, 6000, "tcp", "unknown"],
  ])("%i %i %s", (local, remote, protocol, opener) => {
    const wanted = opener === "unknown" ? "unknown unknown nothing" : `${opener} inferred ports`;
    expect(openerOf(pair(local, remote, protocol))).toBe(wanted);
  });
});

describe("4.3 fan-out", () => {
  function clients(count: number, port: number, own = 6000): string {
    const lines = Array.from({ length: count }, (_, n) =>
      pair(own, port).replaceAll("7.7", `7.${n}`),
    );
    return lines.join("\n");
  }

  test.each([
    ["two far endpoints are too few", clients(2, 5000), "unknown unknown nothing"],
    ["three serve", clients(3, 5000), "remote inferred fan-out"],
    ["beside ports that agree", clients(3, 41_000), "remote inferred fan-out-and-ports"],
    ["against ports", clients(3, 5000, 41_000), "unknown unknown fan-out-against-ports"],
    ["marked: the ports speak alone", clients(3, 1000, 41_000), "local inferred ports"],
    [
      "REJECTed records do not talk",
      clients(3, 5000).replaceAll("ACCEPT", "REJECT"),
      "unknown unknown nothing",
    ],
  ])("%s", (_, text, wanted) => {
    expect(openerOf(text)).toBe(wanted);
  });

  test("the other side must serve a third at most", () => {
    const other = (port: number): string =>
      `0+0 eni-1 tcp 10.0.7.2:5000 > 10.0.1.10:${port} ACCEPT`;
    const busy = `${other(6001)}\n${clients(3, 5000)}`;
    expect(openerOf(busy)).toBe("unknown unknown nothing");
  });
});

describe("4.4 paired and 4.5 one-way", () => {
  const early = "0+0 eni-1 tcp 10.0.9.9:41000 > 10.0.1.10:443 ACCEPT\n";
  const there = (at: number, protocol = "udp"): string =>
    `${at}+0 eni-1 ${protocol} 10.0.7.7:5000 > 10.0.1.10:6000 ACCEPT\n`;
  const back = (at: number, protocol = "udp"): string =>
    `${at}+0 eni-1 ${protocol} 10.0.1.10:6000 > 10.0.7.7:5000 ACCEPT\n`;
  test.each([
    [`${early}${there(300)}${back(421)}`, "remote paired first-start"],
    [`${early}${back(300)}${there(450)}`, "local paired first-start"],
    [`${early}${there(300)}${back(420)}`, "unknown unknown nothing"],
    [`${early}${there(299)}${back(421)}`, "unknown unknown nothing"],
    [`${early}${there(300, "tcp")}${back(421, "tcp")}`, "unknown unknown nothing"],
    [`${early}${there(300, "47")}${back(900, "47")}`, "remote paired first-start"],
    [there(0), "remote one-way only-direction"],
    [back(0), "local one-way only-direction"],
    [there(0, "tcp"), "unknown unknown nothing"],
    [there(0, "icmp"), "remote one-way only-direction"],
  ])("%s", (text, wanted) => {
    expect(openerOf(text)).toBe(wanted);
  });
});

describe("6.3 after expiry", () => {
  const udp = (at: number, protocol = "udp"): string =>
    `${at}+0 eni-1 ${protocol} 10.0.7.7:5000 > 10.0.1.10:6000 ACCEPT\n`;
  const reply = (at: number): string => `${at}+0 eni-1 udp 10.0.1.10:6000 > 10.0.7.7:5000 ACCEPT\n`;

  test("both directions and no evidence: the earlier opener with its grade", () => {
    expect(openerOf(udp(0) + udp(160) + reply(160))).toBe("remote one-way earlier-connection");
    expect(openerOf(udp(0) + reply(0) + udp(400) + reply(400))).toBe(
      "unknown unknown earlier-connection",
    );
  });

  test("nothing is inherited from what was only REJECTed", () => {
    const rejected = udp(0).replace("ACCEPT", "REJECT");
    expect(openerOf(rejected + udp(160) + reply(160))).toBe("unknown unknown nothing");
  });
});
