// A command line of the AWS CLI that authorises or revokes rules.
import { PROTOCOL_ICMP, PROTOCOL_ICMPV6 } from "../../contract.js";
import type { Peer } from "../../model/rule-set.js";
import { isObject, type JsonValue } from "../json-reader.js";
import { isOpaqueId } from "../load-context.js";
import { refuse, showValue } from "../spot.js";
import type { TrafficNumbers } from "../traffic.js";
import {
  AWS_VERBS,
  type AwsVerb,
  type NamedGroup,
  readInnerJson,
  readInput,
  readPermissions,
} from "./aws-input.js";
import type { Edit } from "./edit.js";
import { failAt, type Statement, type Word } from "./edit-words.js";
import {
  everyPort,
  needsPorts,
  readPeerWord,
  readPortsWord,
  readProtocolWord,
} from "./rule-words.js";

/** Options that matter here, and whether they take one value, several, or none. */
const OPTIONS: ReadonlyMap<string, "one" | "many" | "none"> = new Map([
  ["--group-id", "one"],
  ["--group-name", "one"],
  ["--protocol", "one"],
  ["--port", "one"],
  ["--cidr", "one"],
  ["--source-group", "one"],
  ["--group-owner", "one"],
  ["--ip-permissions", "one"],
  ["--security-group-rule-ids", "many"],
  ["--cli-input-json", "one"],
]);
/** Options that change no rule set. */
const IGNORED: ReadonlyMap<string, "one" | "many" | "none"> = new Map([
  ["--region", "one"],
  ["--profile", "one"],
  ["--output", "one"],
  ["--query", "one"],
  ["--tag-specifications", "many"],
  ["--dry-run", "none"],
  ["--no-dry-run", "none"],
  ["--no-cli-pager", "none"],
]);

type Options = ReadonlyMap<string, readonly [Word, ...Word[]]>;

/** `aws ec2 VERB ...`, or VERB alone. */
export function readAwsCommand(statement: Statement): Edit[] {
  const words = [...statement];
  if (words[0]?.text === "aws") {
    words.shift();
    // Global options may stand before the service.
    while (IGNORED.has(words[0]?.text ?? "")) {
      const kind = IGNORED.get(words[0]?.text ?? "");
      words.splice(0, kind === "none" ? 1 : 2);
    }
    const service = words.shift();
    if (service?.text !== "ec2")
      failAt(
        service?.at ?? statement[0].at,
        "edit-verb-unknown",
        `expected ec2 behind aws, found ${showValue(service?.text)}`,
      );
  }
  const verbWord = words.shift() ?? statement[0];
  const verb = AWS_VERBS.get(verbWord.text);
  if (verb === undefined)
    return failAt(
      verbWord.at,
      "edit-verb-unknown",
      `${showValue(verbWord.text)} is no verb of the AWS CLI that edits rules`,
      `allowed: ${[...AWS_VERBS.keys()].join(", ")}`,
    );
  return readOptions(verb, verbWord, optionsOf(words));
}

function optionsOf(words: readonly Word[]): Options {
  const options = new Map<string, readonly [Word, ...Word[]]>();
  let index = 0;
  while (index < words.length) {
    const word = words[index++] as Word;
    const equals = word.text.indexOf("=");
    const name = word.text.startsWith("--") && equals > 0 ? word.text.slice(0, equals) : word.text;
    const kind = OPTIONS.get(name) ?? IGNORED.get(name);
    if (kind === undefined)
      return failAt(
        word.at,
        "edit-option-unknown",
        `${showValue(word.text)} is not an option here`,
        `allowed: ${[...OPTIONS.keys()].join(", ")}`,
      );
    const values: Word[] = [];
    if (name !== word.text)
      values.push({
        text: word.text.slice(equals + 1),
        at: { ...word.at, column: word.at.column + equals + 1 },
      });
    while (index < words.length && !words[index]!.text.startsWith("--")) {
      if (kind === "none" || (kind === "one" && values.length === 1)) break;
      values.push(words[index++] as Word);
    }
    if (IGNORED.has(name)) continue;
    const [first, ...rest] = values;
    if (first === undefined) return failAt(word.at, "edit-option-value", `${name} needs a value`);
    if (options.has(name)) failAt(word.at, "edit-option-twice", `${name} is given twice`);
    options.set(name, [first, ...rest]);
  }
  return options;
}

/** The ways to say which rules; exactly one is given. */
const WAYS = ["--ip-permissions", "--cli-input-json", "--security-group-rule-ids", "--protocol"];

/** A name beside the id is kept: whose it is, only the rule set knows. */
function readOptions(verb: AwsVerb, verbWord: Word, options: Options): Edit[] {
  const edits = readRules(verb, verbWord, options);
  const name = options.has("--group-id") ? options.get("--group-name")?.[0].text : undefined;
  return name === undefined ? edits : edits.map((edit) => ({ ...edit, groupName: name }));
}

function readRules(verb: AwsVerb, verbWord: Word, options: Options): Edit[] {
  const given = WAYS.filter((way) => options.has(way));
  if (given.length !== 1)
    failAt(
      verbWord.at,
      "edit-options",
      given.length === 0 ? "no rule is named" : `${given.join(" and ")} exclude each other`,
      `give one of ${WAYS.join(", ")}`,
    );
  const simple = ["--port", "--cidr", "--source-group", "--group-owner"];
  const stray = simple.find((name) => options.has(name));
  if (stray !== undefined && given[0] !== "--protocol")
    failAt(options.get(stray)![0].at, "edit-options", `${stray} goes with --protocol only`);
  const group = options.get("--group-id")?.[0] ?? options.get("--group-name")?.[0];
  const json = options.get("--ip-permissions")?.[0] ?? options.get("--cli-input-json")?.[0];
  if (json !== undefined)
    return readJsonOption(verb, json, given[0] === "--ip-permissions", {
      id: options.get("--group-id")?.[0].text,
      name: options.get("--group-name")?.[0].text,
    });
  if (group === undefined)
    return failAt(verbWord.at, "edit-group-missing", "no group is named", "give --group-id sg-...");
  const ids = options.get("--security-group-rule-ids");
  if (ids === undefined) return [readSimpleRule(verb, verbWord, group, options)];
  if (verb.kind === "authorize")
    failAt(ids[0].at, "edit-options", "AWS gives the ids of rules that it authorises");
  return ids.map(({ text, at }) => ({
    kind: "revoke-id",
    direction: verb.direction,
    group: group.text,
    ruleId: text,
    at,
  }));
}

function readJsonOption(
  verb: AwsVerb,
  word: Word,
  permissionsOnly: boolean,
  beside: NamedGroup,
): Edit[] {
  if (!/^\s*[[{]/.test(word.text))
    failAt(
      word.at,
      "edit-json",
      `expected JSON, found ${showValue(word.text)}`,
      "write the JSON itself in single quotes; files and the shorthand syntax are not read",
    );
  const document = readInnerJson(word.at.file, word.text, word.at);
  const spot = { document, value: 0, path: [] };
  const [value, second] = document.values;
  if (second !== undefined)
    refuse({ ...spot, value: 1 }, "edit-json", "one JSON value is expected");
  if (!permissionsOnly) {
    if (!isObject(value))
      return refuse(spot, "edit-json", `expected an object, found ${showValue(value)}`);
    return readInput(verb, value, spot, beside);
  }
  const group = beside.id ?? beside.name;
  if (group === undefined)
    return failAt(word.at, "edit-group-missing", "no group is named", "give --group-id sg-...");
  // As for AWS, one permission need not stand in a list.
  const list: readonly JsonValue[] = Array.isArray(value) ? value : [value as JsonValue];
  if (list.length === 0) refuse(spot, "edit-without-effect", "there are no permissions");
  return readPermissions(verb, group, list, spot);
}

function readSimpleRule(verb: AwsVerb, verbWord: Word, group: Word, options: Options): Edit {
  const protocol = readProtocolWord(options.get("--protocol")![0]);
  return {
    kind: verb.kind,
    group: group.text,
    direction: verb.direction,
    ...readPortOption(protocol, verbWord, options.get("--port")?.[0]),
    peer: readPeerOption(verbWord, options),
    at: verbWord.at,
  };
}

/** `--port` is `22`, `20-25`, or for ICMP `TYPE-CODE` with -1 as any; `all` and -1 are every type. */
function readPortOption(protocol: number, verbWord: Word, word: Word | undefined): TrafficNumbers {
  if (!needsPorts(protocol)) return everyPort(protocol);
  if (word === undefined)
    return failAt(verbWord.at, "ports-missing", "tcp, udp and icmp need --port");
  const isIcmp = protocol === PROTOCOL_ICMP || protocol === PROTOCOL_ICMPV6;
  if (!isIcmp) {
    if (/^\d/.test(word.text)) return readPortsWord(protocol, word);
    return failAt(
      word.at,
      "ports-invalid",
      `${showValue(word.text)} is neither a port nor a range of ports`,
      "every port is 0-65535",
    );
  }
  if (word.text === "-1" || word.text === "all") return everyPort(protocol);
  const [, type, code] = /^(\d+)-(-1|\d+)$/.exec(word.text) ?? [];
  if (type === undefined || code === undefined)
    return failAt(
      word.at,
      "ports-invalid",
      `${showValue(word.text)} is no ICMP type and code`,
      "write TYPE-CODE, such as 8-0 or 3--1 (every code of type 3), or -1 for every type; AWS reads a lone 8 as type 8, code 8",
    );
  const own = `${type}/${code === "-1" ? "all" : code}`;
  return readPortsWord(protocol, { text: own, at: word.at });
}

function readPeerOption(verbWord: Word, options: Options): Peer {
  const cidr = options.get("--cidr")?.[0];
  const source = options.get("--source-group")?.[0];
  const owner = options.get("--group-owner")?.[0];
  if ((cidr === undefined) === (source === undefined))
    return failAt(verbWord.at, "edit-options", "give one of --cidr and --source-group");
  if (cidr !== undefined) {
    const peer = readPeerWord(cidr);
    if (peer.kind === "cidr") return peer;
    return failAt(cidr.at, "cidr-invalid", `${showValue(cidr.text)} is not a block`);
  }
  const peer = readPeerWord(source as Word);
  if (peer.kind !== "group")
    return failAt(source!.at, "edit-peer", `${showValue(source!.text)} is not a group`);
  if (owner === undefined) return peer;
  // Groups of other accounts have no names here.
  for (const { text, at } of [owner, { ...(source as Word), text: peer.id }])
    if (!isOpaqueId(text)) failAt(at, "rules-id", `${showValue(text)} is not an id`);
  return { ...peer, account: owner.text };
}
