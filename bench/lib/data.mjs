// The logs and accounts that are measured: generated from the seed, once, and kept in .tmp/bench.

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { flowverdict, ROOT } from "./measure.mjs";

const FOLDER = join(ROOT, ".tmp", "bench");

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** A generated log with its account: `{ logs, account, files, records }`. Options are those of `generate`. */
export function generated(records, options = {}) {
  const words = Object.entries(options).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : [`--${name}`, String(value)],
  );
  const name = [records, ...words].join("-").replaceAll(/[^\w]+/g, "-");
  const folder = join(FOLDER, name);
  if (!existsSync(folder)) {
    const draft = `${folder}.draft`;
    rmSync(draft, { recursive: true, force: true });
    const [program, ...args] = flowverdict("generate", "-q", "-o", draft, "--records", records);
    const { status, stderr } = spawnSync(program, [...args.map(String), ...words], {
      encoding: "utf8",
    });
    if (status !== 0)
      throw new Error(`generate ${words.join(" ")} ended with ${status}\n${stderr}`);
    renameSync(draft, folder);
  }
  const logs = join(folder, "logs");
  return { logs, account: join(folder, "account"), files: filesBelow(logs), records };
}

/** Takes all kept logs away. */
export function forget() {
  rmSync(FOLDER, { recursive: true, force: true });
}
