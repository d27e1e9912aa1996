// An account at the size AWS allows and a log over it, written as AWS's JSON and text; the same every time. The log is
// evener than real traffic: every interface as busy as the next, so that nothing about an interface stays in a cache.

import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./measure.mjs";

const FIRST_ADDRESS = 0x0a000000;
const PORTS = [22, 53, 80, 123, 443, 1433, 3306, 5432, 6379, 8080, 8443, 9092, 9200, 10250];
const START = 1_772_409_600;
/** Records that share one second of log time. */
const PER_SECOND = 1000;

/** xorshift32: the same numbers everywhere. */
function numbers(seed) {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function dotted(value) {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
}

const id = (prefix, index) => `${prefix}-${index.toString(16).padStart(17, "0")}`;
const addressOf = (index) => FIRST_ADDRESS + 16 + index * 3;

function permission(next, groups, hasList) {
  const port = PORTS[next(PORTS.length)];
  const kind = next(10);
  const peer = { IpRanges: [], Ipv6Ranges: [], PrefixListIds: [], UserIdGroupPairs: [] };
  if (kind < 5)
    peer.UserIdGroupPairs.push({ GroupId: id("sg", next(groups)), UserId: "111122223333" });
  else if (kind < 6 && hasList) peer.PrefixListIds.push({ PrefixListId: id("pl", 1) });
  else {
    const bits = [8, 16, 24, 24, 28, 32][next(6)];
    const host = 2 ** (32 - bits);
    const block = Math.floor((FIRST_ADDRESS + next(2 ** 24)) / host) * host;
    peer.IpRanges.push({ CidrIp: `${dotted(block)}/${bits}` });
  }
  return { IpProtocol: next(4) === 0 ? "udp" : "tcp", FromPort: port, ToPort: port, ...peer };
}

function accountDocuments({ groups, rules, interfaces, policies, listEntries }) {
  const next = numbers(7);
  const perGroup = Math.max(1, Math.round(rules / groups));
  const rulesOf = (count) =>
    Array.from({ length: count }, () => permission(next, groups, listEntries > 0));
  const SecurityGroups = Array.from({ length: groups }, (_, index) => ({
    GroupId: id("sg", index),
    GroupName: `group ${index}`,
    OwnerId: "111122223333",
    VpcId: id("vpc", 1),
    Description: "generated",
    IpPermissions: rulesOf(Math.ceil(perGroup * 0.8)),
    IpPermissionsEgress: rulesOf(perGroup - Math.ceil(perGroup * 0.8)),
  }));
  const sets = Array.from({ length: policies }, (_, index) =>
    Array.from({ length: 1 + next(5) }, (__, of) => id("sg", (index * 5 + of) % groups)),
  );
  const NetworkInterfaces = Array.from({ length: interfaces }, (_, index) => ({
    NetworkInterfaceId: id("eni", index),
    InterfaceType: "interface",
    OwnerId: "111122223333",
    VpcId: id("vpc", 1),
    SubnetId: id("subnet", 1),
    PrivateIpAddress: dotted(addressOf(index)),
    PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: dotted(addressOf(index)) }],
    Ipv6Addresses: [],
    Groups: sets[index % policies].map((GroupId) => ({ GroupId, GroupName: GroupId })),
  }));
  const documents = {
    "describe-security-groups.json": { SecurityGroups },
    "describe-network-interfaces.json": { NetworkInterfaces },
    "describe-vpcs.json": {
      Vpcs: [{ VpcId: id("vpc", 1), CidrBlock: "10.0.0.0/8", CidrBlockAssociationSet: [] }],
    },
  };
  if (listEntries > 0)
    documents[`get-managed-prefix-list-entries.${id("pl", 1)}.json`] = {
      Entries: Array.from({ length: listEntries }, (_, index) => ({
        Cidr: `${dotted(0xac100000 + index * 16)}/28`,
      })),
    };
  return documents;
}

function* logText({ interfaces, records }) {
  const next = numbers(11);
  let text = "";
  for (let record = 0; record < records; record += 2) {
    const own = next(interfaces);
    const peer = next(3) === 0 ? addressOf(next(interfaces)) : FIRST_ADDRESS + next(2 ** 24);
    const start = START + Math.floor(record / PER_SECOND);
    const [local, remote] = [dotted(addressOf(own)), dotted(peer)];
    const [client, server] = [32_768 + next(28_000), PORTS[next(PORTS.length)]];
    const head = `2 111122223333 ${id("eni", own)}`;
    const tail = `6 10 ${840 + next(9000)} ${start} ${start + 50} ACCEPT OK\n`;
    text += `${head} ${remote} ${local} ${client} ${server} ${tail}`;
    text += `${head} ${local} ${remote} ${server} ${client} ${tail}`;
    if (text.length > 1 << 20) {
      yield text;
      text = "";
    }
  }
  yield text;
}

/** Records that share one second where connections are kept alive: all of them come again within minutes. */
const PER_LIVE_SECOND = 100_000;

/** The same connections again and again, in turn, requests and replies. */
function* liveText({ interfaces, records, live }) {
  let text = "";
  for (let record = 0; record < records; record++) {
    const connection = record % live;
    const own = connection % interfaces;
    const start = START + Math.floor(record / PER_LIVE_SECOND);
    const [local, remote] = [dotted(addressOf(own)), dotted(0x0b000000 + connection)];
    const client = 32_768 + (connection % 28_000);
    const isReply = Math.floor(record / live) % 2 === 1;
    const ends = isReply ? `${local} ${remote} 443 ${client}` : `${remote} ${local} ${client} 443`;
    text += `2 111122223333 ${id("eni", own)} ${ends} 6 10 1000 ${start} ${start + 50} ACCEPT OK\n`;
    if (text.length > 1 << 20) {
      yield text;
      text = "";
    }
  }
  yield text;
}

/**
 * `{ logs, account, records }` of an account of this shape, kept in .tmp/bench. `live`: so many connections that stay
 * open, else connections of two records each.
 */
export function largeAccount(name, shape) {
  const folder = join(ROOT, ".tmp", "bench", `large-${name}-${shape.records}`);
  const paths = {
    logs: join(folder, "log.txt"),
    account: join(folder, "account"),
    records: shape.records,
  };
  if (existsSync(folder)) return paths;
  const draft = `${folder}.draft`;
  mkdirSync(join(draft, "account"), { recursive: true });
  const write = (path, parts) => {
    const file = openSync(join(draft, path), "w");
    for (const part of parts) writeSync(file, part);
    closeSync(file);
  };
  for (const [file, document] of Object.entries(accountDocuments(shape)))
    write(join("account", file), [JSON.stringify(document, null, 1)]);
  const header =
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n";
  write("log.txt", [header]);
  const file = openSync(join(draft, "log.txt"), "a");
  for (const part of (shape.live === undefined ? logText : liveText)(shape)) writeSync(file, part);
  closeSync(file);
  renameSync(draft, folder);
  return paths;
}
