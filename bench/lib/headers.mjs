// What classifiers are asked: rules of one direction of one interface, and headers. Both as files that every contender
// reads: `rules` as `protocol from to address/length` (protocol -1: all), `headers` as `source destination sourcePort
// destinationPort protocol` in decimal, as DPDK's test reads traces.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { flatRules } from "./flat-rules.mjs";
import { ROOT } from "./measure.mjs";

const MOST = 200_000;

export const numberOf = (address) =>
  address.split(".").reduce((value, part) => value * 256 + Number(part), 0);

function textOf(value) {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

function write(name, rules, headers) {
  const folder = join(ROOT, ".tmp", "bench", name);
  mkdirSync(folder, { recursive: true });
  const files = { rules: join(folder, "rules"), headers: join(folder, "headers") };
  const lines = (rows) => `${rows.map((row) => row.join(" ")).join("\n")}\n`;
  writeFileSync(files.rules, lines(rules));
  writeFileSync(files.headers, lines(headers));
  return { ...files, ruleCount: rules.length, headerCount: headers.length };
}

/** The largest ingress policy of a generated account, and the records of its log that come in there, as they came. */
export async function groupHeaders(name, { account, files }) {
  const { interfaces, rules } = await flatRules(account);
  const sizes = new Map();
  for (const [policy, direction] of rules)
    if (direction === "ingress") sizes.set(policy, (sizes.get(policy) ?? 0) + 1);
  const [largest] = [...sizes].sort((a, b) => b[1] - a[1])[0];
  const local = new Set(
    interfaces.filter(([, , policy]) => policy === largest).map(([, address]) => textOf(address)),
  );
  const own = rules
    .filter(([policy, direction]) => policy === largest && direction === "ingress")
    .map(([, , protocol, from, to, low, high]) => [
      ...[protocol, from, to],
      `${textOf(low)}/${32 - Math.log2(high - low + 1)}`,
    ]);
  const headers = [];
  for (const file of files)
    for (const line of readFileSync(file, "utf8").split("\n")) {
      const [, , , source, destination, sourcePort, port, protocol] = line.split(" ");
      if (!local.has(destination) || (protocol !== "6" && protocol !== "17")) continue;
      if (headers.length === MOST) break;
      headers.push([numberOf(source), numberOf(destination), sourcePort, port, protocol]);
    }
  return write(name, own, headers);
}

// @source destination sourcePorts destinationPorts protocol/mask: projected to what a group's rule tests.
const CLASSBENCH =
  /^@([\d.]+)\/(\d+)\s+\S+\s+\d+ : \d+\s+(\d+) : (\d+)\s+0x([0-9a-fA-F]+)\/0x([0-9a-fA-F]+)/;

/** A set of ClassBench, and headers drawn from its rules, fields swapped now and then for another rule's. */
export function classBenchHeaders(set) {
  const corpus = process.env.FLOW_CORPUS;
  const path = corpus === undefined ? "" : join(corpus, "classbench", set);
  if (!existsSync(path))
    throw new Error(`the ClassBench set ${set} is absent: FLOW_CORPUS names the folder above it`);
  let state = 1;
  const below = (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
  const pick = (list) => list[below(list.length)];
  const rules = readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line) => {
      const [, address, length, from, to, protocol, mask] = CLASSBENCH.exec(line) ?? [];
      if (address === undefined) return [];
      const number = Number.parseInt(mask, 16) === 0 ? -1 : Number.parseInt(protocol, 16);
      // Of ICMP a log knows no type: the matcher says so instead of answering.
      if (number === 1) return [];
      const hasPorts = number === 6 || number === 17;
      const size = 2 ** (32 - Number(length));
      const low = Math.floor(numberOf(address) / size) * size;
      const ports = hasPorts ? [from, to].map(Number) : [0, 65_535];
      return [[number, ...ports, `${textOf(low)}/${length}`]];
    });
  const headers = Array.from({ length: MOST }, () => {
    const own = pick(rules);
    const [, from, to] = below(10) < 3 ? pick(rules) : own;
    const [address, length] = (below(10) < 2 ? pick(rules) : own)[3].split("/");
    const source = numberOf(address) + below(2 ** (32 - length));
    const protocol = own[0] === -1 ? pick([6, 17]) : own[0];
    return [source, 1, 1, from + below(to - from + 1), protocol];
  });
  return write(`classbench-${set}`, rules, headers);
}
