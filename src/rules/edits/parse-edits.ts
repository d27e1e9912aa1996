import { parseCidr } from "../../model/address.js";
import { DIRECTIONS, type Direction } from "../../model/verdict.js";
import { formatPlace } from "../json-place.js";
import { showValue } from "../spot.js";
import { readAwsCommand } from "./aws-command.js";
import { AWS_VERBS, readInputDocument } from "./aws-input.js";
import type { Edit } from "./edit.js";
import { failAt, readStatements, type Statement, type Word } from "./edit-words.js";
import {
  everyPort,
  needsPorts,
  readPeerWord,
  readPortsWord,
  readProtocolWord,
} from "./rule-words.js";

const RULE_WORDS = 'GROUP ingress|egress PROTOCOL PORTS PEER [description "..."]';
const USAGE = {
  authorize: `authorize ${RULE_WORDS}`,
  revoke: "revoke GROUP ingress|egress PROTOCOL PORTS PEER, or revoke GROUP ingress|egress sgr-...",
  attach: "attach INTERFACE GROUP",
  detach: "detach INTERFACE GROUP",
  delete: "delete GROUP",
  "add-entry": "add-entry PREFIX-LIST BLOCK",
  "remove-entry": "remove-entry PREFIX-LIST BLOCK",
} as const;
type Verb = keyof typeof USAGE;

/**
 * Edits in the order of the text: own lines (`revoke sg-1 ingress tcp 22 0.0.0.0/0`), command lines of the AWS CLI, or
 * one JSON document with the CLI's input. `name` is the file, or what else messages should say; the name of a JSON
 * document may tell its verb. O(text). Throws a FlowError (`edit-*` and the codes of rule documents) at the first fault,
 * with file, line and column. Whether an edit fits a rule set is seen when it is applied.
 */
export function parseEdits(text: string, name: string): readonly Edit[] {
  if (/^\ufeff?\s*[[{]/.test(text)) return readInputDocument(name, text);
  return readStatements(name, text).flatMap(readStatement);
}

function readStatement(statement: Statement): readonly Edit[] {
  const [verb, ...words] = statement;
  if (verb.text === "aws" || AWS_VERBS.has(verb.text)) return readAwsCommand(statement);
  if (!Object.hasOwn(USAGE, verb.text))
    return failAt(
      verb.at,
      "edit-verb-unknown",
      `${showValue(verb.text)} is no verb of an edit`,
      `allowed: ${Object.keys(USAGE).join(", ")}, or a command line of the AWS CLI (${[...AWS_VERBS.keys()].join(", ")})`,
    );
  return [readLine(verb, verb.text as Verb, words)];
}

function readLine({ at }: Word, verb: Verb, words: readonly Word[]): Edit {
  if (verb === "authorize" || verb === "revoke") return readRuleLine(at, verb, words);
  const expected = verb === "delete" ? 1 : 2;
  const [first, second] = words;
  if (first === undefined || words.length !== expected) return failCount(at, verb, words, expected);
  refuseEmpty(words);
  if (verb === "delete") return { kind: verb, group: first.text, at };
  const last = second as Word;
  if (verb === "attach" || verb === "detach")
    return { kind: verb, interfaceId: first.text, group: last.text, at };
  return { kind: verb, list: first.text, cidr: parseCidr(last.text, formatPlace(last.at)), at };
}

function readRuleLine(at: Word["at"], verb: "authorize" | "revoke", words: readonly Word[]): Edit {
  const [group, directionWord, protocolWord, ...rest] = words;
  if (group === undefined || directionWord === undefined || protocolWord === undefined)
    return failCount(at, verb, words, 5);
  refuseEmpty(words.slice(0, 4));
  const direction = readDirection(directionWord);
  if (verb === "revoke" && rest.length === 0 && protocolWord.text.startsWith("sgr-"))
    return { kind: "revoke-id", group: group.text, direction, ruleId: protocolWord.text, at };
  const protocol = readProtocolWord(protocolWord);
  // Protocols without ports may leave them out.
  const hasPorts = needsPorts(protocol) || rest[0]?.text.toLowerCase() === "all";
  const ports = hasPorts ? rest[0] : undefined;
  const [peer, ...more] = hasPorts ? rest.slice(1) : rest;
  if ((hasPorts && ports === undefined) || peer === undefined) return failCount(at, verb, words, 5);
  const traffic = ports === undefined ? everyPort(protocol) : readPortsWord(protocol, ports);
  const described = readDescription(verb, more);
  return {
    kind: verb,
    group: group.text,
    direction,
    ...traffic,
    peer: readPeerWord(peer),
    ...(described === undefined ? {} : { description: described }),
    at,
  };
}

function readDirection({ text, at }: Word): Direction {
  const direction = DIRECTIONS.find((name): name is Direction => name !== "" && name === text);
  if (direction !== undefined) return direction;
  return failAt(
    at,
    "edit-direction",
    `${showValue(text)} is no direction`,
    "allowed: ingress, egress",
  );
}

function readDescription(verb: "authorize" | "revoke", words: readonly Word[]): string | undefined {
  const [key, value, stray] = words;
  if (key === undefined) return undefined;
  if (key.text !== "description" || value === undefined || stray !== undefined)
    return failAt(
      (stray ?? key).at,
      "edit-words",
      `${showValue((stray ?? key).text)} stands behind a whole rule`,
      `write ${USAGE[verb]}; a description of several words needs quotes`,
    );
  if (verb === "revoke")
    failAt(key.at, "edit-words", "rules are revoked whatever their description is", USAGE.revoke);
  return value.text;
}

function refuseEmpty(words: readonly Word[]): void {
  const empty = words.find(({ text }) => text.trim() === "");
  if (empty !== undefined) failAt(empty.at, "edit-words", "a name is empty");
}

function failCount(at: Word["at"], verb: Verb, words: readonly Word[], expected: number): never {
  return failAt(
    at,
    "edit-words",
    `${verb} needs ${expected} words, found ${words.length}`,
    `write ${USAGE[verb]}`,
  );
}
