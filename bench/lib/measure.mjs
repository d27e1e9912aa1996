// Whole processes, timed from outside by the shell's own `time`: wall and processor seconds, and peak memory of Node.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PEAK = pathToFileURL(join(ROOT, "bench/lib/peak-memory.mjs")).href;
const MAX_OUTPUT = 1 << 28;

export function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

/** A command of the program itself. */
export function flowverdict(...args) {
  return node("dist/cli/main.js", ...args);
}

/** A script of this checkout. */
export function node(script, ...args) {
  return [process.execPath, join(ROOT, script), ...args];
}

/** A line for a shell, which sees the arguments as $1, $2, ... */
export function shell(line, ...args) {
  return ["bash", "-c", line, "bash", ...args];
}

/**
 * Runs a command once. Gives seconds of wall and processor time, peak resident memory in bytes (Node only, else 0) and
 * what it printed. Throws where it fails, with what it said.
 */
export function run(command) {
  const folder = mkdtempSync(join(tmpdir(), "flowverdict-bench-"));
  const times = join(folder, "times");
  const peak = join(folder, "peak");
  const script = `TIMEFORMAT='%3R %3U %3S'; { time "$@" 2>&3; } 3>&2 2>'${times}'`;
  const isNode = command[0] === process.execPath;
  const words = isNode ? [command[0], "--import", PEAK, ...command.slice(1)] : command;
  try {
    const { status, stdout, stderr } = spawnSync("bash", ["-c", script, "bash", ...words], {
      encoding: "utf8",
      maxBuffer: MAX_OUTPUT,
      env: { ...process.env, BENCH_PEAK: peak, NO_COLOR: "1" },
    });
    if (status !== 0) throw new Error(`${command.join(" ")} ended with ${status}\n${stderr}`);
    const [wall, user, system] = readFileSync(times, "utf8").trim().split(" ").map(Number);
    const memory = isNode ? Number(readFileSync(peak, "utf8")) : 0;
    return { wall, cpu: user + system, memory, stdout };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs several commands in turn, A B A B ..., after one round that does not count. Gives for each the medians, the
 * greatest peak, and what it printed last; throws where a command prints something else than before (its `answer`
 * picks what must stay, the whole text if it is left out).
 */
export function alternate(contenders, runs) {
  const results = contenders.map(() => []);
  for (let round = 0; round <= runs; round++)
    for (const [index, { command }] of contenders.entries()) {
      const result = run(command);
      if (round > 0) results[index].push(result);
    }
  return contenders.map(({ name, answer = (text) => text }, index) => {
    const own = results[index];
    const answers = own.map(({ stdout }) => answer(stdout));
    const texts = new Set(answers.map((one) => JSON.stringify(one)));
    if (texts.size !== 1) throw new Error(`${name}: the runs differ: ${[...texts].join(" and ")}`);
    return {
      name,
      wall: median(own.map(({ wall }) => wall)),
      cpu: median(own.map(({ cpu }) => cpu)),
      walls: own.map(({ wall }) => wall),
      cpus: own.map(({ cpu }) => cpu),
      memory: Math.max(...own.map(({ memory }) => memory)),
      answer: answers[0],
    };
  });
}

/** The median of the ratios of two contenders, round by round: it holds while the machine's speed drifts. */
export function ratio(above, below, what = "walls") {
  return median(above[what].map((value, round) => value / below[what][round]));
}

/** What `evaluate --json` says, as far as it must not change. */
export function answerOf(text) {
  const { records, verdicts, matrix } = JSON.parse(text);
  const sum = ({ allow, deny, unknown }) => allow + deny + unknown;
  return {
    read: records.read,
    judged: records.judged,
    malformed: records.malformed,
    late: records.late,
    verdicts,
    accepted: sum(matrix.accept),
    rejected: sum(matrix.reject),
  };
}
