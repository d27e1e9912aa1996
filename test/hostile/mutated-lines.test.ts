// Valid lines with bytes changed, put in, taken out, and tokens that lie: the core counts what the reference counts.
import { describe, expect, test } from "vitest";
import { evaluateRecords } from "../../src/analysis/index.js";
import type { Summary } from "../../src/analysis/summary.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import type { ParsedRecord } from "../../src/reference/index.js";
import { readLogText } from "../support/log-text.js";
import { randomCase, randomOf } from "../support/random-case.js";
import { type CoreTarget, coreOf } from "../support/wasm-engine.js";
import {
  bytesInput,
  latin1,
  line,
  NOTHING_LOST,
  SMALL_RULE_SET,
  sumsOf,
  TARGETS,
  V2,
} from "./run.js";

const SEEDS = Number(process.env.FLOW_SEEDS ?? 40);
const FIRST = Number(process.env.FLOW_FIRST_SEED ?? 1);
const CHUNKS = [1 << 20, 4096, 517, 64, 7];

const BYTES =
  "\0\t\r\n\v\f -.:/0123456789abcdefgxyzACEJKNOPRST_%\u007f\u0080\u00a0\u00c3\u00e9\u00ff";
/** Tokens that are nearly right somewhere. */
const TOKENS: readonly string[] = [
  "-",
  "--",
  "0",
  "00",
  "+1",
  "-1",
  "1.0",
  "1e3",
  "0x10",
  "00000000443",
  "65535",
  "65536",
  "255",
  "256",
  "4294967295",
  "4294967296",
  "04294967295",
  "9223372036854775807",
  "9223372036854775808",
  "18446744073709551616",
  "99999999999999999999",
  "ACCEPT",
  "ACCEPTED",
  "accept",
  "REJECT",
  "OK",
  "NODATA",
  "SKIPDATA",
  "SKIPDAT",
  "ingress",
  "egress",
  "ingresS",
  "10.0.0.1",
  "010.0.0.1",
  "10.0.0.256",
  "10.0.0",
  "10.0.0.1.2",
  "10.0.0.1/32",
  ".10.0.0.1",
  "::",
  "::1",
  "1::",
  "1::8",
  "1:2:3:4:5:6:7:8",
  "1:2:3:4:5:6:7::",
  "::2:3:4:5:6:7:8",
  "1:2:3:4:5:6:7:8::",
  "1:2:3:4:5:6:7",
  ":1::",
  "1:::2",
  "1::2::3",
  "12345::",
  "g::",
  "fe80::1%eth0",
  "FD00::ABCD",
  "::10.0.0.1",
  "::ffff:10.0.0.1",
  "::FFFF:a00:1",
  "64:ff9b::10.0.0.1",
  "1:2:3:4:5:6:10.0.0.1",
  "1:2:3:4:5:6:7:10.0.0.1",
  "::10.0.0.01",
  "eni-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
  "2024-12-14T16:25:12.000Z",
  "2024-12-14TZ",
  "2024-12-14T1Z",
  "000000000000000000443",
  "0000000000000000443",
];

function mutate(lines: string[], random: () => number): string {
  const pick = <T>(list: ArrayLike<T>): T => list[Math.floor(random() * list.length)]!;
  const changed = lines.map((line) => {
    let text = line;
    const times = random() < 0.3 ? 0 : 1 + Math.floor(random() * 3);
    for (let i = 0; i < times; i++) {
      const words = text.split(" ");
      const at = Math.floor(random() * (text.length + 1));
      switch (Math.floor(random() * 6)) {
        case 0:
          text = text.slice(0, at) + pick(BYTES) + text.slice(at + 1);
          break;
        case 1:
          text = text.slice(0, at) + pick(BYTES) + text.slice(at);
          break;
        case 2:
          text = text.slice(0, at) + text.slice(at + 1);
          break;
        case 3:
          words[Math.floor(random() * words.length)] = pick(TOKENS);
          text = words.join(" ");
          break;
        case 4:
          words.splice(Math.floor(random() * words.length), random() < 0.5 ? 1 : 0, pick(TOKENS));
          text = words.join(pick([" ", "  ", "\t", " \t "]));
          break;
        default:
          text =
            random() < 0.5
              ? `${pick(TOKENS)} ${text}`
              : `${text}${pick(["\r", " ", "\r\r", " \r"])}`;
      }
    }
    return text;
  });
  return changed.join("\n") + (random() < 0.5 ? "\n" : "");
}

/** The lines that are judged, and how many lines are bad for which reason: by the reference and by the core. */
async function bothAnswers(
  log: string,
  target: CoreTarget,
  ruleSet: RuleSet,
  chunkBytes: number,
): Promise<{ readonly expected: object; readonly found: object; readonly summary: Summary }> {
  const { records, malformed } = readLogText([{ name: "a.log", text: log }]);
  const options = { core: await coreOf(target), ruleSet };
  const stream = evaluateRecords([bytesInput("a.log", latin1(log), chunkBytes)], options);
  const judged: number[] = [];
  let next = await stream.next();
  for (; next.done !== true; next = await stream.next()) {
    const column = next.value.getChild("line")!;
    for (let i = 0; i < next.value.numRows; i++) judged.push(column.get(i));
  }
  const { nodata, skipdata } = next.value.records;
  const texts = log.split("\n");
  const show = (lines: number[]): readonly string[] =>
    lines.sort((a, b) => a - b).map((at) => `${at} ${texts[at - 1]}`);
  const withStatus = (status: string): readonly ParsedRecord[] =>
    records.filter(({ logStatus }) => logStatus === status);
  return {
    expected: {
      judged: show(withStatus("OK").map(({ line }) => line)),
      malformed,
      nodata: withStatus("NODATA").length,
      skipdata: withStatus("SKIPDATA").length,
    },
    found: {
      judged: show(judged),
      malformed: next.value.coverage.malformed.byReason,
      nodata,
      skipdata,
    },
    summary: next.value,
  };
}

describe.each(TARGETS)("%s", (target) => {
  test.each(Array.from({ length: SEEDS }, (_, i) => FIRST + i))("seed %i", async (seed) => {
    const { ruleSet, text } = randomCase(seed, 300);
    const [header = "", ...lines] = text.trimEnd().split("\n");
    const log = `${header}\n${mutate(lines, randomOf(seed ^ 0x5eed))}`;
    const chunk = CHUNKS[seed % CHUNKS.length]!;
    const { expected, found, summary } = await bothAnswers(log, target, ruleSet, chunk);
    expect(found).toEqual(expected);
    expect(sumsOf(summary)).toEqual(NOTHING_LOST);
  });

  // Each token in each column, once: what the random choice may miss.
  test("every odd token in every column", async () => {
    const good = "2 1 eni-1 10.0.0.9 10.0.0.1 40000 443 6 1 40 1700000100 1700000110 ACCEPT OK";
    const six = "2 1 eni-1 fd00::9 fd00::1 40000 443 6 1 40 1700000100 1700000110 ACCEPT OK";
    const lines = [good, six].flatMap((line) =>
      TOKENS.flatMap((token) =>
        line
          .split(" ")
          .map((_, at, words) => words.map((word, i) => (i === at ? token : word)).join(" ")),
      ),
    );
    const log = [V2, ...lines].join("\n");
    const { expected, found } = await bothAnswers(log, target, SMALL_RULE_SET, 1 << 20);
    expect(found).toEqual(expected);
  });

  test.each([65_535, 65_536, 65_537, 131_072])(
    "a line of %i bytes, whatever the cut",
    async (bytes) => {
      const good = line();
      const long = good.padEnd(bytes, " ");
      const logs = [
        `${V2}\n${long}\n${good}\n`,
        `${V2}\n${" ".repeat(bytes)}\n${good}\n`,
        `${V2}\n${long}\r\n${good}`,
        `${V2}\n${good}\n${long}`,
      ];
      for (const log of logs) {
        for (const chunk of [1 << 20, 65_536, 32_768, 1000]) {
          const { expected, found } = await bothAnswers(log, target, SMALL_RULE_SET, chunk);
          expect(found).toEqual(expected);
        }
      }
    },
  );
});
