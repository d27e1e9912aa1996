// The core's matcher alone over headers that lie in memory; prints how many are admitted, and the seconds of a pass.
//   node bench/kernels/classify.mjs RULES HEADERS

import { readFileSync } from "node:fs";
import { compileRuleSets } from "../../dist/src/compile/compile-rule-sets.js";
import { IMAGE_INTERFACE_INGRESS } from "../../dist/src/contract.js";
import { DEFAULT_TIMERS } from "../../dist/src/model/timers.js";
import { loadRuleSet } from "../../dist/src/rules/index.js";
import { moduleOf } from "../lib/module.mjs";

const PASSES = 20;
const FULL = 0xffffffff;

const linesOf = (path) =>
  readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.split(" "));

const hasPorts = (protocol) => protocol === "6" || protocol === "17";

function accountOf(rules) {
  const permissions = rules.map(([protocol, from, to, cidr]) => ({
    IpProtocol: protocol,
    ...(hasPorts(protocol) ? { FromPort: Number(from), ToPort: Number(to) } : {}),
    IpRanges: [{ CidrIp: cidr }],
  }));
  const groups = [
    { GroupId: "sg-1", GroupName: "one", OwnerId: "111122223333", VpcId: "vpc-1" },
  ].map((group) => ({ ...group, IpPermissions: permissions, IpPermissionsEgress: [] }));
  const interfaces = [
    {
      NetworkInterfaceId: "eni-1",
      VpcId: "vpc-1",
      PrivateIpAddresses: [{ PrivateIpAddress: "10.0.0.1" }],
      Groups: [{ GroupId: "sg-1" }],
    },
  ];
  return JSON.stringify({ SecurityGroups: groups, NetworkInterfaces: interfaces });
}

const [rulesFile, headersFile] = process.argv.slice(2);
const text = accountOf(linesOf(rulesFile));
const { ruleSet } = loadRuleSet([{ name: "account", text, explicit: true }]);
const [{ image }] = compileRuleSets([ruleSet], DEFAULT_TIMERS);
const core = moduleOf("match-entry.ts");
const at = core.reserve(image.length);
new Uint8Array(core.memory.buffer).set(image, at);
const matcher = core.matcherCreate(at, image.length);
const policy = new DataView(core.memory.buffer).getUint32(
  core.interfaceRow(matcher, 0) + IMAGE_INTERFACE_INGRESS,
  true,
);

const headers = linesOf(headersFile).map((fields) => fields.map(Number));
const count = headers.length;
function column(View, field) {
  const ptr = core.reserve(count * View.BYTES_PER_ELEMENT);
  new View(core.memory.buffer, ptr, count).set(headers.map((fields) => fields[field]));
  return ptr;
}
const columns = [column(Uint32Array, 0), column(Uint16Array, 3), column(Uint8Array, 4)];

let admitted = 0;
let seconds = Number.POSITIVE_INFINITY;
for (let pass = 0; pass < PASSES; pass++) {
  const begun = process.hrtime.bigint();
  admitted = core.classifyAll(matcher, policy, ...columns, count) >>> 0;
  const took = Number(process.hrtime.bigint() - begun) / 1e9;
  if (admitted === FULL) {
    if (core.matcherReserve(matcher) !== 0) throw new Error("out of memory");
    pass--;
  } else seconds = Math.min(seconds, took);
}
console.log(JSON.stringify({ headers: count, admitted, seconds }));
