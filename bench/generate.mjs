// Speed of the generator alone: records per second of processor time, nothing written. Needs a build (dist/).
//   node bench/generate.mjs [records]
// Unfair in one point: the first shape also pays for compiling the code.
import { generateAccount, generateLog } from "../dist/src/generate/index.js";

const records = Number(process.argv[2] ?? 1_000_000);
const shapes = {
  "v2, defaults": {},
  "v5, defaults": { format: "v5" },
  "v2, 1,000 rules per interface": { interfaces: 200, rulesPerInterface: 1000 },
  "v2, 10,000 rules per interface": { interfaces: 200, rulesPerInterface: 10_000 },
  "v2, 300,000 connections alive": { interfaces: 200, liveConnections: 300_000 },
  "v2, mostly scans": { scanShare: 0.7 },
};

console.log(`${records} records, Node ${process.version}`);
for (const [name, options] of Object.entries(shapes)) {
  const begun = process.cpuUsage();
  generateAccount(options);
  const account = process.cpuUsage(begun).user / 1e6;
  const started = process.cpuUsage();
  let bytes = 0;
  for (const { text } of generateLog({ ...options, records })) bytes += text.length;
  const seconds = process.cpuUsage(started).user / 1e6;
  const rate = Math.round(records / seconds / 1000);
  const rss = Math.round(process.memoryUsage().rss / 1e6);
  console.log(
    `${name}: ${rate} krec/s, ${Math.round(bytes / seconds / 1e6)} MB/s (account alone ${account.toFixed(2)} s), ${rss} MB resident`,
  );
}
