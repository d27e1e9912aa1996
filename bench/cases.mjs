// What is measured. Each case gives rows (a contender each), the ratio that its goal is about, and throws where answers
// differ. `scale` shrinks all logs alike, for a look; goals hold at 1.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KERNEL_CASES } from "./kernel-cases.mjs";
import { generated } from "./lib/data.mjs";
import { largeAccount } from "./lib/large.mjs";
import { alternate, answerOf, flowverdict, node, ROOT, ratio, shell } from "./lib/measure.mjs";

const MILLION = 1_000_000;
const RULES = { interfaces: 200, "rules-per-interface": 1000 };

function evaluate({ logs, account }, ...options) {
  const paths = Array.isArray(logs) ? logs : [logs];
  return flowverdict(
    "evaluate",
    "--json",
    "-q",
    "--no-config",
    ...options,
    "--rules",
    account,
    "--",
    ...paths,
  );
}

function judged(name, data, ...options) {
  return { name, command: evaluate(data, ...options), answer: answerOf };
}

/** Throws where a peer counted other records than flowverdict did. */
function agree(own, peer, keys = ["judged", "accepted", "rejected"]) {
  for (const key of keys)
    if (own.answer[key] !== peer.answer[key])
      throw new Error(`${peer.name}: ${key} is ${peer.answer[key]}, not ${own.answer[key]}`);
}

/** Throws where two runs of flowverdict over the same records do not say the same. */
function same(a, b) {
  const [left, right] = [a, b].map(({ answer }) => JSON.stringify(answer));
  if (left !== right) throw new Error(`${a.name} says ${left}, ${b.name} ${right}`);
}

const perRule = (rules) => ({ interfaces: 200, "rules-per-interface": rules });

function duckdb(rules, goal, stretch) {
  return {
    id: `duckdb-${rules}`,
    title: `plain text, one thread, against DuckDB on one thread answering the stateless part; ${rules.toLocaleString("en-US")} rules`,
    goal,
    stretch,
    unit: "times faster",
    run({ scale, runs }) {
      const data = generated(Math.round(5 * MILLION * scale), perRule(rules));
      const peer = node("bench/peers/duckdb.mjs", data.account, ...data.files);
      const [own, other] = alternate(
        [judged("flowverdict", data), { name: "DuckDB", command: peer, answer: JSON.parse }],
        runs,
      );
      agree(own, other);
      return { rows: [own, other], records: data.records, ratio: ratio(other, own) };
    },
  };
}

function gzip(format, records) {
  const data = (scale) =>
    generated(Math.round(records * scale), { format, gzip: true, files: 4, ...RULES });
  return [
    {
      id: `gzip-wall-${format}`,
      title: `gzip, ${format}, two jobs, wall time against gzip -dc | wc -l`,
      goal: 0.5,
      stretch: 0.42,
      unit: "of its time",
      less: true,
      run({ scale, runs }) {
        const log = data(scale);
        const count = shell('gzip -dc -- "$@" | wc -l', ...log.files);
        const [own, other] = alternate(
          [
            judged("flowverdict, two jobs", log, "--jobs", "2"),
            { name: "gzip -dc | wc -l", command: count, answer: Number },
          ],
          runs,
        );
        if (other.answer !== own.answer.read + log.files.length)
          throw new Error(
            `wc counts ${other.answer} lines, flowverdict ${own.answer.read} records`,
          );
        return { rows: [own, other], records: log.records, ratio: ratio(own, other) };
      },
    },
    {
      id: `gzip-cpu-${format}`,
      title: `gzip, ${format}, processor time against Node that only inflates`,
      goal: 2,
      stretch: 1.7,
      unit: "times its time",
      less: true,
      run({ scale, runs }) {
        const log = data(scale);
        const inflate = node("bench/peers/inflate.mjs", ...log.files);
        const [own, other] = alternate(
          [judged("flowverdict", log), { name: "Node, inflating only", command: inflate }],
          runs,
        );
        return { rows: [own, other], records: log.records, ratio: ratio(own, other, "cpus") };
      },
    },
  ];
}

const PIPELINE = {
  id: "pipeline",
  title: "plain text against csv-parse, a walk over the rules and a Map of connections; 100 rules",
  goal: 30,
  stretch: 45,
  unit: "times faster",
  run({ scale, runs }) {
    const data = generated(Math.round(MILLION * scale), perRule(100));
    const peer = node("bench/peers/pipeline.mjs", data.account, ...data.files);
    const [own, other] = alternate(
      [
        judged("flowverdict", data),
        { name: "csv-parse pipeline", command: peer, answer: JSON.parse },
      ],
      runs,
    );
    agree(own, other);
    return { rows: [own, other], records: data.records, ratio: ratio(other, own) };
  },
};

const PYTHON = {
  id: "python",
  title: "plain text against flowlogs-reader for Python, which only reads; 100 rules",
  goal: 60,
  unit: "times faster",
  run({ scale, runs }) {
    const reader = process.env.FLOWLOGS_READER;
    if (reader === undefined)
      throw new Error("flowlogs-reader is absent: FLOWLOGS_READER names the folder that holds it");
    const data = generated(Math.round(MILLION * scale), perRule(100));
    const [own, other] = alternate(
      [
        judged("flowverdict", data),
        {
          name: "flowlogs-reader",
          command: [
            "env",
            `PYTHONPATH=${reader}`,
            "python3",
            "bench/peers/reader.py",
            ...data.files,
          ],
          answer: JSON.parse,
        },
      ],
      runs,
    );
    agree(own, other, ["accepted", "rejected"]);
    return { rows: [own, other], records: data.records, ratio: ratio(other, own) };
  },
};

const MANY_RULES = {
  id: "rules-10000",
  title: "throughput at 10,000 rules an interface against 60",
  goal: 0.85,
  unit: "of its throughput",
  run({ scale, runs }) {
    const records = Math.round(5 * MILLION * scale);
    const [many, few] = [10_000, 60].map((rules) => generated(records, perRule(rules)));
    const rows = alternate([judged("10,000 rules", many), judged("60 rules", few)], runs);
    return { rows, records, ratio: ratio(rows[1], rows[0]) };
  },
};

const MANY_INTERFACES = {
  id: "interfaces-50000",
  title: "throughput with 50,000 interfaces and 5,000 policies against 50 and 50",
  goal: 0.8,
  unit: "of its throughput",
  run({ scale, runs }) {
    const records = Math.round(5 * MILLION * scale);
    const shape = { rules: 100_000, groups: 10_000, listEntries: 0, records };
    const many = largeAccount("wide", { ...shape, interfaces: 50_000, policies: 5_000 });
    const few = largeAccount("narrow", {
      ...shape,
      rules: 500,
      groups: 50,
      interfaces: 50,
      policies: 50,
    });
    const empty = largeAccount("wide", {
      ...shape,
      interfaces: 50_000,
      policies: 5_000,
      records: 0,
    });
    const emptyFew = largeAccount("narrow", {
      ...{ ...shape, rules: 500, groups: 50, interfaces: 50, policies: 50, records: 0 },
    });
    const rows = alternate(
      [
        judged("50,000 interfaces", many),
        judged("50 interfaces", few),
        judged("50,000 interfaces, no records", empty),
        judged("50 interfaces, no records", emptyFew),
      ],
      runs,
    );
    const [a, b, noneA, noneB] = rows;
    return {
      rows,
      records,
      ratio: (b.wall - noneB.wall) / (a.wall - noneA.wall),
      note: "loading and compiling the account is taken off: it is a case of its own",
    };
  },
};

const LIVE_CONNECTIONS = {
  id: "connections-10m",
  title: "throughput with 10 M connections kept alive against 10,000",
  goal: 0.5,
  unit: "of its throughput",
  run({ scale, runs }) {
    const records = Math.round(30 * MILLION * scale);
    const shape = { rules: 500, groups: 50, listEntries: 0, interfaces: 50, policies: 50, records };
    const [many, few] = [Math.round(10 * MILLION * scale), 10_000].map((live) =>
      largeAccount(`live-${live}`, { ...shape, live }),
    );
    const room = ["--max-connections", "16M"];
    const rows = alternate(
      [judged("10 M connections", many, ...room), judged("10,000 connections", few, ...room)],
      runs,
    );
    return { rows, records, ratio: ratio(rows[1], rows[0]) };
  },
};

const ACCOUNT = {
  id: "account",
  title:
    "10,000 groups, 100,000 rules, 50,000 interfaces, a prefix list of 10,000: load and compile",
  goal: 5,
  unit: "s",
  less: true,
  run({ runs }) {
    const shape = { rules: 100_000, groups: 10_000, listEntries: 10_000, interfaces: 50_000 };
    const data = largeAccount("account", { ...shape, policies: 5_000, records: 0 });
    const rows = alternate(
      [
        judged("load and compile", data),
        { name: "Node, idle", command: node("bench/peers/idle.mjs") },
      ],
      runs,
    );
    return { rows, records: 0, ratio: rows[0].wall - rows[1].wall };
  },
};

const MEMORY = {
  id: "memory",
  title: "peak memory, counting only, 100 M records against 5 M",
  goal: 1.05,
  unit: "times its memory",
  less: true,
  run({ scale }) {
    const sizes = [100 * MILLION, 5 * MILLION].map((records) => Math.round(records * scale));
    const rows = sizes.flatMap((records) =>
      alternate(
        [
          judged(
            `${(records / MILLION).toLocaleString("en-US")} M records`,
            generated(records, RULES),
          ),
        ],
        1,
      ),
    );
    const [idle] = alternate([{ name: "Node, idle", command: node("bench/peers/idle.mjs") }], 1);
    return { rows: [...rows, idle], records: sizes[0], ratio: rows[0].memory / rows[1].memory };
  },
};

const JOBS = {
  id: "jobs",
  title: "plain text, two jobs against one",
  goal: 1.8,
  unit: "times faster",
  run({ scale, runs }) {
    const data = generated(Math.round(5 * MILLION * scale), RULES);
    const rows = alternate(
      [judged("one job", data), judged("two jobs", data, "--jobs", "2")],
      runs,
    );
    same(rows[0], rows[1]);
    return { rows, records: data.records, ratio: ratio(rows[0], rows[1]) };
  },
};

const MANY_FILES = {
  id: "many-files",
  title: "20,000 gzip files of 20 kB against the same records in 10 files",
  goal: 0.8,
  unit: "of its throughput",
  run({ scale, runs }) {
    const records = Math.round(18 * MILLION * scale);
    const shape = { gzip: true, ...RULES };
    const many = generated(records, { ...shape, files: Math.max(20, Math.round(20_000 * scale)) });
    const few = generated(records, { ...shape, files: 10 });
    const rows = alternate([judged("many files", many), judged("ten files", few)], runs);
    return { rows, records, ratio: ratio(rows[1], rows[0]) };
  },
};

function arrow(way, goal) {
  return {
    id: `arrow-${way}`,
    title:
      way === "batches"
        ? "Arrow batches delivered to a consumer against counting alone"
        : "records written as an Arrow stream against counting alone",
    goal,
    unit: "times its time",
    less: true,
    run({ scale, runs }) {
      const data = generated(Math.round(2 * MILLION * scale), { format: "v5", ...RULES });
      const script = (what) => node("bench/evaluate-once.mjs", what, data.account, ...data.files);
      const contenders = [
        { name: `Arrow ${way}`, command: script(way), answer: JSON.parse },
        { name: "counting alone", command: script("summary"), answer: JSON.parse },
      ];
      const rows = alternate(contenders, runs);
      same(rows[0], rows[1]);
      return { rows, records: data.records, ratio: ratio(rows[0], rows[1]) };
    },
  };
}

const START = [
  {
    id: "start-version",
    title: "--version above a bare node -e 0",
    goal: 40,
    unit: "ms",
    less: true,
    run({ runs }) {
      const rows = alternate(
        [
          { name: "--version", command: flowverdict("--version") },
          { name: "node, idle", command: node("bench/peers/idle.mjs") },
        ],
        runs * 3,
      );
      return { rows, records: 0, ratio: (rows[0].wall - rows[1].wall) * 1000 };
    },
  },
  {
    id: "start-verdict",
    title: "first verdict of a 10 MB log with 100 rules, above a bare node -e 0",
    goal: 200,
    unit: "ms",
    less: true,
    run({ runs }) {
      const data = generated(90_000, perRule(100));
      // The look-ahead reaches over the whole log: the first verdict comes when it has ended, and the last right after.
      const rows = alternate(
        [
          judged("first verdict", data),
          { name: "node, idle", command: node("bench/peers/idle.mjs") },
        ],
        runs * 2,
      );
      return { rows, records: data.records, ratio: (rows[0].wall - rows[1].wall) * 1000 };
    },
  },
];

const CANDIDATES = [1, 7].map((count) => ({
  id: `candidates-${count}`,
  title: `diff of ${count === 1 ? "one candidate" : "seven candidates"}, only what changes, against evaluate`,
  goal: count === 1 ? 1.3 : 2,
  unit: "times its time",
  less: true,
  run({ scale, runs }) {
    const data = generated(Math.round(3 * MILLION * scale), RULES);
    const folder = join(ROOT, ".tmp", "bench", "candidates");
    mkdirSync(folder, { recursive: true });
    const candidates = Array.from({ length: count }, (_, index) => {
      const path = join(folder, `${index}.edits`);
      writeFileSync(path, `authorize web ingress tcp ${7000 + index} 10.0.0.0/8\n`);
      return ["--candidate", path];
    }).flat();
    const own = flowverdict(
      ...["diff", data.logs, "--rules", data.account, ...candidates],
      ...["--only-changed", "--json", "-q", "--no-config"],
    );
    const answer = (text) => JSON.parse(text).candidates.map(({ records }) => records);
    const rows = alternate(
      [{ name: "diff", command: own, answer }, judged("evaluate", data)],
      runs,
    );
    return { rows, records: data.records, ratio: ratio(rows[0], rows[1]) };
  },
}));

export const CASES = [
  duckdb(100, 6, 8),
  duckdb(1000, 9, 12),
  duckdb(10_000, 40, 50),
  ...gzip("v2", 5 * MILLION),
  ...gzip("v5", 2 * MILLION),
  PIPELINE,
  PYTHON,
  ...KERNEL_CASES,
  MANY_RULES,
  LIVE_CONNECTIONS,
  MANY_INTERFACES,
  ACCOUNT,
  MEMORY,
  JOBS,
  MANY_FILES,
  arrow("batches", 1.1),
  arrow("stream", 1.3),
  ...START,
  ...CANDIDATES,
];
