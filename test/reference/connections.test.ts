import { describe, expect, test } from "vitest";
import { DEFAULT_TIMERS, type Timers } from "../../src/model/timers.js";
import type { Connection } from "../../src/reference/connection.js";
import { compareMembers, place } from "../../src/reference/connections.js";
import { flowOf } from "../../src/reference/flow.js";
import { timerOf } from "../../src/reference/timer.js";
import { flows } from "../support/flow-text.js";

const C_TO_A = "eni-1 tcp 10.0.7.7:5000 > 10.0.1.10:6000";
const A_TO_C = "eni-1 tcp 10.0.1.10:6000 > 10.0.7.7:5000";
const HANDSHAKE = `0+10 ${C_TO_A} ACCEPT flags=2
0+10 ${A_TO_C} ACCEPT flags=18
`;

/** Connection numbers of the records in the order of 7.1, with `late` and `lost` marks. */
function split(text: string, timers: Partial<Timers> = {}): string[] {
  const table = new Map();
  const numbers = new Map<Connection, number>();
  const members = flows(text).flatMap((record) => {
    const found = flowOf(record, record.dstPort === 6000 ? "ingress" : "egress");
    return found === undefined ? [] : [{ record, flow: found }];
  });
  return members.sort(compareMembers).map(({ record, flow }) => {
    const at = place(table, flow, record, { ...DEFAULT_TIMERS, ...timers });
    if (!numbers.has(at.connection)) numbers.set(at.connection, numbers.size + 1);
    const marks = `${at.afterClose ? " late" : ""}${at.lostEntry ? " lost" : ""}`;
    return `${numbers.get(at.connection)}${marks}`;
  });
}

describe("closing (semantics 6.4)", () => {
  test("FIN both ways closes, one way does not", () => {
    const fin = `10+10 ${C_TO_A} ACCEPT flags=1\n`;
    const both = `${fin}10+10 ${A_TO_C} ACCEPT flags=1\n`;
    const reject = `141+0 ${A_TO_C} REJECT flags=0`;
    expect(split(HANDSHAKE + both + reject).at(-1)).toBe("1 late");
    // One FIN is closing, whose timer is 60 s: the REJECT lost its entry.
    expect(split(HANDSHAKE + fin + reject).at(-1)).toBe("2 lost");
  });

  test.each([
    ["inside the slack it joins", `140+0 ${A_TO_C} REJECT flags=0`, "1"],
    ["after it, a REJECT is late", `141+0 ${A_TO_C} REJECT flags=0`, "1 late"],
    ["an ACCEPT lives again", `141+0 ${A_TO_C} ACCEPT flags=0`, "1"],
    ["a SYN opens anew, REJECTed too", `30+0 ${C_TO_A} REJECT flags=2`, "2"],
    ["a late one up to an hour", `3740+0 ${A_TO_C} REJECT flags=0`, "1 late"],
    ["then the connection is forgotten", `3741+0 ${A_TO_C} REJECT flags=0`, "2"],
    ["for an ACCEPT too", `3741+0 ${A_TO_C} ACCEPT flags=0`, "2"],
  ])("closed by RST at 20: %s", (_, last, wanted) => {
    expect(split(`${HANDSHAKE}10+10 ${C_TO_A} ACCEPT flags=4\n${last}`).at(-1)).toBe(wanted);
  });

  test("an ACCEPT after the close expires by the established timer", () => {
    const closed = `${HANDSHAKE}10+10 ${C_TO_A} ACCEPT flags=4\n`;
    const accept = (at: number): string => `${at}+0 ${C_TO_A} ACCEPT flags=0`;
    expect(split(closed + accept(490), { tcpEstablished: 350 }).at(-1)).toBe("1");
    expect(split(closed + accept(491), { tcpEstablished: 350 }).at(-1)).toBe("2");
  });

  test("REJECTed flags and those beside a SYN do not close", () => {
    const later = `200+0 ${A_TO_C} REJECT flags=0`;
    expect(split(`${HANDSHAKE}10+10 ${C_TO_A} REJECT flags=4\n${later}`).at(-1)).toBe("1");
    expect(
      split(`0+10 ${C_TO_A} ACCEPT flags=6\n0+10 ${A_TO_C} ACCEPT flags=22\n${later}`).at(-1),
    ).toBe("1");
  });

  test("late records keep nothing alive", () => {
    const closed = `${HANDSHAKE}10+10 ${C_TO_A} ACCEPT flags=4\n`;
    const late = `200+1000 ${A_TO_C} REJECT flags=0\n`;
    expect(split(`${closed}${late}1300+0 ${A_TO_C} REJECT flags=0`).at(-1)).toBe("1 late");
  });

  test("once alive again, FIN must be seen both ways anew", () => {
    const text = `${HANDSHAKE}10+10 ${C_TO_A} ACCEPT flags=1
      10+10 ${A_TO_C} ACCEPT flags=1
      200+10 ${C_TO_A} ACCEPT flags=0
      210+10 ${C_TO_A} ACCEPT flags=1
      220+10 ${A_TO_C} ACCEPT flags=0`;
    expect(split(text).at(-1)).toBe("1");
  });
});

describe("SYN (semantics 6.4 iv)", () => {
  test("opens anew beyond the slack of an open connection", () => {
    expect(split(`${HANDSHAKE}130+0 ${C_TO_A} ACCEPT flags=2`).at(-1)).toBe("1");
    expect(split(`${HANDSHAKE}131+0 ${C_TO_A} ACCEPT flags=2`).at(-1)).toBe("2");
  });

  test("means nothing outside TCP", () => {
    const udp = "eni-1 udp 10.0.7.7:5000 > 10.0.1.10:6000 ACCEPT";
    expect(split(`0+0 ${udp}\n140+0 ${udp} flags=2`)).toEqual(["1", "1"]);
  });
});

describe("expiry (semantics 6.2, 6.3)", () => {
  test.each([
    ["ACCEPT at the end of the slack", 480, "ACCEPT", "1"],
    ["ACCEPT beyond it", 481, "ACCEPT", "2"],
    ["REJECT before the slack", 239, "REJECT", "1"],
    ["REJECT inside it", 240, "REJECT", "2 lost"],
    ["REJECT far beyond, still remembered", 4080, "REJECT", "2 lost"],
    ["REJECT when it is forgotten", 4081, "REJECT", "2"],
  ])("established 350 s, last end 10: %s", (_, start, action, wanted) => {
    const last = `${start}+0 ${A_TO_C} ${action} flags=0`;
    expect(split(HANDSHAKE + last, { tcpEstablished: 350 }).at(-1)).toBe(wanted);
  });

  test("a REJECT never expires in the second of the last end", () => {
    const udp = "eni-1 udp 10.0.7.7:5000 > 10.0.1.10:6000";
    expect(split(`0+10 ${udp} ACCEPT\n10+0 ${udp} REJECT`)).toEqual(["1", "1"]);
    expect(split(`0+10 ${udp} ACCEPT\n11+0 ${udp} REJECT`)).toEqual(["1", "2 lost"]);
  });

  test("what was only REJECTed is followed, not expired", () => {
    const rejects = `0+0 ${C_TO_A} REJECT flags=2\n181+0 ${A_TO_C} REJECT flags=0`;
    expect(split(rejects)).toEqual(["1", "2"]);
  });

  test("every REJECT before something is accepted anew lost the entry, equal ones alike", () => {
    const text = `${HANDSHAKE}600+0 ${A_TO_C} REJECT flags=0
      600+0 ${A_TO_C} REJECT flags=0
      610+0 ${A_TO_C} REJECT flags=0
      620+0 ${C_TO_A} ACCEPT flags=0
      630+0 ${A_TO_C} REJECT flags=0`;
    expect(split(text, { tcpEstablished: 350 })).toEqual([
      "1",
      "1",
      "2 lost",
      "2 lost",
      "2 lost",
      "2",
      "2",
    ]);
  });
});

describe("order inside a second (semantics 7.1)", () => {
  test("ACCEPT before REJECT, then source address and port, then flags", () => {
    const records = flows(`0+0 eni-1 tcp 10.0.1.10:6000 > 10.0.7.7:5000 REJECT flags=0
      0+0 eni-1 tcp 10.0.7.7:5000 > 10.0.1.10:6000 ACCEPT flags=4
      0+0 eni-1 tcp 10.0.7.7:5000 > 10.0.1.10:6000 ACCEPT flags=2
      0+0 eni-1 tcp 10.0.7.7:5000 > 10.0.1.10:6000 -
      0+0 eni-1 tcp 10.0.1.10:6000 > 10.0.7.7:5000 ACCEPT flags=18`);
    const members = records.flatMap((record) => {
      const found = flowOf(record, record.dstPort === 6000 ? "ingress" : "egress");
      return found === undefined ? [] : [{ record, flow: found }];
    });
    expect(members.sort(compareMembers).map(({ record }) => record.line)).toEqual([5, 4, 3, 2, 1]);
  });
});

describe("timers (semantics 6.2)", () => {
  function timerAfter(text: string): number {
    const table = new Map<string, Connection>();
    for (const record of flows(text)) {
      const found = flowOf(record, record.dstPort === 6000 ? "ingress" : "egress");
      if (found !== undefined) place(table, found, record, DEFAULT_TIMERS);
    }
    const [only] = table.values();
    return only === undefined ? -1 : timerOf(only, DEFAULT_TIMERS);
  }
  const UDP = "eni-1 udp 10.0.7.7:5000 > 10.0.1.10:6000";
  const BACK = "eni-1 udp 10.0.1.10:6000 > 10.0.7.7:5000";
  test.each([
    ["a lone SYN is opening", `0+0 ${C_TO_A} ACCEPT flags=2`, 60],
    ["REJECTs establish nothing", `0+0 ${C_TO_A} REJECT flags=0`, 60],
    ["other flags establish", `0+0 ${C_TO_A} ACCEPT flags=0`, 432_000],
    ["no flags establish", `0+0 ${C_TO_A} ACCEPT`, 432_000],
    ["both sides establish", `${HANDSHAKE}`, 432_000],
    ["one FIN is closing", `${HANDSHAKE}0+20 ${C_TO_A} ACCEPT flags=1`, 60],
    ["UDP", `0+0 ${UDP} ACCEPT packets=5`, 30],
    [
      "a stream is two packets each way",
      `0+0 ${UDP} ACCEPT packets=2\n0+0 ${BACK} ACCEPT packets=2`,
      180,
    ],
    [
      "REJECTed packets do not count",
      `0+0 ${UDP} ACCEPT packets=2\n0+0 ${BACK} REJECT packets=2`,
      30,
    ],
    [
      "a missing or zero count is one",
      `0+0 ${UDP} ACCEPT packets=0\n0+0 ${UDP} -\n0+0 ${BACK} ACCEPT packets=2`,
      180,
    ],
    ["ICMP", "0+0 eni-1 icmp 10.0.7.7:0 > 10.0.1.10:6000 ACCEPT", 30],
    ["others", "0+0 eni-1 47 10.0.7.7:0 > 10.0.1.10:6000 ACCEPT", 600],
  ])("%s", (_, text, seconds) => {
    expect(timerAfter(text)).toBe(seconds);
  });
});
