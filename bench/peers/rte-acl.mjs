// DPDK's rte_acl by its own test program (Debian: dpdk-dev); prints how many headers match, and the seconds of a pass.
//   node bench/peers/rte-acl.mjs RULES HEADERS

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const PASSES = 50;
const NO_RULE = 4_294_967_295;

const [rulesFile, headers] = process.argv.slice(2);
const rules = `${rulesFile}.dpdk`;
const lines = readFileSync(rulesFile, "utf8").trimEnd().split("\n");
writeFileSync(
  rules,
  lines
    .map((line) => {
      const [protocol, from, to, cidr] = line.split(" ");
      const word = protocol === "-1" ? "0x00/0x00" : `0x${Number(protocol).toString(16)}/0xff`;
      return `@${cidr} 0.0.0.0/0 0 : 65535 ${from} : ${to} ${word}\n`;
    })
    .join(""),
);

function ask(...options) {
  // One thread, as the core is.
  const memory = ["-l", "0", "--no-huge", "-m", "4096", "--no-pci", "--no-telemetry"];
  const words = [
    `--rulesf=${rules}`,
    `--tracef=${headers}`,
    "--tracenum=262144",
    "--tracestep=256",
    "--alg=avx2",
  ];
  const run = spawnSync("dpdk-test-acl", [...memory, "--", ...words, ...options], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (run.error !== undefined) throw new Error(`dpdk-test-acl is absent: ${run.error.message}`);
  if (run.status !== 0)
    throw new Error(`dpdk-test-acl ended with ${run.status ?? run.signal}\n${run.stderr}`);
  return run.stdout;
}

const results = [...ask("--iter=1").matchAll(/category: 0, result: (\d+)/g)];
const admitted = results.filter(([, result]) => Number(result) !== NO_RULE).length;
const timed = /(\d+) pkts, \d+ categories, .* ([\d.]+) pkt\/sec/;
const [, packets, rate] = timed.exec(ask(`--iter=${PASSES}`, "--verbose=0"));
if (Number(packets) !== results.length * PASSES)
  throw new Error(`dpdk-test-acl classified ${packets} headers, not ${results.length * PASSES}`);
console.log(
  JSON.stringify({ headers: results.length, admitted, seconds: results.length / Number(rate) }),
);
