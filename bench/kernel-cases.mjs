// Parts of the core by themselves, against native programs: each contender keeps its input in memory and prints the
// seconds of its fastest pass, so that neither start nor input count.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { generated } from "./lib/data.mjs";
import { classBenchHeaders, groupHeaders } from "./lib/headers.mjs";
import { median, node, ROOT, ratio } from "./lib/measure.mjs";

const PASSES = "5";

function printed(name, [program, ...words]) {
  const { status, stdout, stderr, error } = spawnSync(program, words, { encoding: "utf8" });
  if (error !== undefined) throw new Error(`${name} is absent: ${error.message}`);
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr.split("\n")[0]}`);
  return JSON.parse(stdout);
}

/** Runs the contenders in turn; throws where one answers something else than the first. */
function inTurn(contenders, runs) {
  const seconds = contenders.map(() => []);
  let wanted;
  for (let round = 0; round < runs; round++)
    for (const [index, { name, command }] of contenders.entries()) {
      const { seconds: took, ...answer } = printed(name, command);
      wanted ??= JSON.stringify(answer);
      if (JSON.stringify(answer) !== wanted)
        throw new Error(`${name} says ${JSON.stringify(answer)}, not ${wanted}`);
      seconds[index].push(took);
    }
  return contenders.map(({ name }, index) => ({
    name,
    wall: median(seconds[index]),
    cpu: median(seconds[index]),
    walls: seconds[index],
    memory: 0,
    answer: JSON.parse(wanted),
  }));
}

function nativeDecode() {
  const folder = join(ROOT, ".tmp", "bench");
  mkdirSync(folder, { recursive: true });
  const out = join(folder, "decode");
  try {
    execFileSync("gcc", ["-O3", "-march=native", "-o", out, "bench/native/decode.c"], {
      cwd: ROOT,
    });
  } catch {
    throw new Error("gcc is absent");
  }
  return out;
}

function decode(peer, goal, stretch, title, commandOf) {
  return {
    id: `decode-${peer}`,
    title: `decoding of version 2, validation in, against ${title}`,
    goal,
    stretch,
    unit: peer === "c" ? "of its speed" : "times its speed",
    run({ scale, runs }) {
      const data = generated(Math.round(2_000_000 * scale));
      const [log] = data.files;
      const rows = inTurn(
        [
          { name: "flowverdict", command: node("bench/kernels/decode.mjs", PASSES, log) },
          { name: title, command: [...commandOf(), PASSES, log] },
        ],
        runs,
      );
      return { rows, records: data.records, ratio: ratio(rows[1], rows[0]) };
    },
  };
}

function classification(id, about, input) {
  return {
    id: `classify-${id}`,
    title: `classification against DPDK's rte_acl (AVX2), ${about}`,
    goal: 1,
    stretch: 1.2,
    unit: "times its speed",
    async run({ runs, scale }) {
      const { rules, headers, ruleCount, headerCount } = await input(scale);
      const contender = (name, script) => ({ name, command: node(script, rules, headers) });
      const rows = inTurn(
        [
          contender("flowverdict, all rules that match", "bench/kernels/classify.mjs"),
          contender("rte_acl, the first rule that matches", "bench/peers/rte-acl.mjs"),
        ],
        runs,
      );
      const note = `${ruleCount.toLocaleString("en-US")} rules`;
      return { rows, records: headerCount, ratio: ratio(rows[1], rows[0]), note };
    },
  };
}

const CHROMIUM = {
  id: "chromium",
  title: "headless Chromium, plain text, one worker, against Node",
  goal: 0.8,
  unit: "of its speed",
  run({ scale, runs }) {
    const data = generated(Math.round(5_000_000 * scale), {
      interfaces: 200,
      "rules-per-interface": 1000,
    });
    const contender = (name, script) => ({
      name,
      command: node(script, data.account, ...data.files),
    });
    const rows = inTurn(
      [
        contender("in Chromium", "bench/chromium/in-chromium.mjs"),
        contender("in Node", "bench/chromium/in-node.mjs"),
      ],
      runs,
    );
    return { rows, records: data.records, ratio: ratio(rows[1], rows[0]) };
  },
};

/** `rules`: of both directions of an interface; about three in four are ingress. */
function groups(rules) {
  return (scale) =>
    groupHeaders(
      `groups-${rules}`,
      generated(Math.round(800_000 * scale), { interfaces: 8, "rules-per-interface": rules }),
    );
}

const SETS = ["acl1_1k", "fw1_1k", "ipc1_1k", "acl1_10k", "fw1_10k", "ipc1_10k"];

export const KERNEL_CASES = [
  decode("c", 0.5, 0.6, "C written for it", () => [nativeDecode()]),
  decode("js", 2.3, 3, "hand-written TypeScript", () => node("bench/peers/decode-js.mjs")),
  classification("1000", "group rules of 1,000", groups(1300)),
  classification("10000", "group rules of 10,000", groups(14_000)),
  ...SETS.map((set) =>
    classification(set, `ClassBench ${set}, projected to one side`, () => classBenchHeaders(set)),
  ),
  CHROMIUM,
];
