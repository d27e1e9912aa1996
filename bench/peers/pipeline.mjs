// What a team writes in an afternoon: csv-parse, a walk over the list of rules, a Map of connections that lets replies
// pass. Default fields, IPv4, TCP and UDP.
//   node bench/peers/pipeline.mjs ACCOUNT LOG...

import { createReadStream } from "node:fs";
import { parse } from "csv-parse";
import { flatRules } from "../lib/flat-rules.mjs";

function numberOf(text) {
  if (text.includes(":")) return undefined;
  return text.split(".").reduce((value, part) => value * 256 + Number(part), 0);
}

const [account, ...logs] = process.argv.slice(2);
const { interfaces, rules } = await flatRules(account);
const owners = new Map();
for (const [eni, address, policy] of interfaces) owners.set(`${eni} ${address}`, policy);
const lists = new Map();
for (const [policy, direction, ...rule] of rules) {
  const key = `${policy} ${direction}`;
  if (!lists.has(key)) lists.set(key, []);
  lists.get(key).push(rule);
}

function isAdmitted(policy, direction, protocol, port, remote) {
  for (const [wanted, low, high, first, last] of lists.get(`${policy} ${direction}`) ?? [])
    if (
      (wanted === -1 || wanted === protocol) &&
      port >= low &&
      port <= high &&
      remote >= first &&
      remote <= last
    )
      return true;
  return false;
}

const counts = { judged: 0, accepted: 0, rejected: 0, admitted: 0, passed: 0 };
const connections = new Map();
for (const path of logs)
  for await (const record of createReadStream(path).pipe(parse({ delimiter: " ", from_line: 2 }))) {
    const [, , eni, from, to, fromPort, toPort, protocol, , , , , action, status] = record;
    if (status !== "OK") continue;
    counts.judged++;
    if (action === "ACCEPT") counts.accepted++;
    else counts.rejected++;
    const source = numberOf(from);
    const destination = numberOf(to);
    const number = Number(protocol);
    if (source === undefined || destination === undefined || (number !== 6 && number !== 17))
      continue;
    const inbound = owners.get(`${eni} ${destination}`);
    const policy = inbound ?? owners.get(`${eni} ${source}`);
    if (policy === undefined) continue;
    const direction = inbound === undefined ? "egress" : "ingress";
    const remote = inbound === undefined ? destination : source;
    const admitted = isAdmitted(policy, direction, number, Number(toPort), remote);
    if (admitted) counts.admitted++;
    const reply = `${eni} ${protocol} ${to} ${toPort} ${from} ${fromPort}`;
    if (admitted) connections.set(`${eni} ${protocol} ${from} ${fromPort} ${to} ${toPort}`, true);
    if (admitted || connections.has(reply)) counts.passed++;
  }
console.log(JSON.stringify(counts));
