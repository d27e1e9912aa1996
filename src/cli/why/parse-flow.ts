// `INTERFACE ingress|egress PROTOCOL SOURCE -> DESTINATION` → hypothetical flows, one per interface.

import { FlowError } from "../../errors.js";
import { type Address, formatAddress, parseAddress, sameAddress } from "../../model/address.js";
import type { RuleSet } from "../../model/rule-set.js";
import type { Direction } from "../../model/verdict.js";
import { type HypotheticalFlow, interfacesAt } from "../../reference/index.js";
import { type FlowEnd, parseFlowEnd, type Refuse } from "./parse-flow-end.js";
import { type FlowProtocol, parseFlowProtocol } from "./parse-flow-protocol.js";

const GRAMMAR =
  "write 'INTERFACE ingress|egress PROTOCOL SOURCE -> DESTINATION', such as 'eni-1 ingress tcp 10.1.2.3:* -> :5432'";

/** Interface ids named by an error. */
const NAMED = 5;

/**
 * Reads one flow. Interfaces are ids or private addresses, several with commas; addresses of the far end may be ids of
 * interfaces too. Throws a FlowError (`flow-unreadable`) that names the word at fault.
 */
export function parseFlow(
  text: string,
  ruleSet: RuleSet,
  time: number,
): readonly HypotheticalFlow[] {
  const words = text
    .replace(/->|→/g, " -> ")
    .split(/\s+/)
    .filter((word) => word !== "");
  const refuse: Refuse = (word, found, hint = GRAMMAR) => {
    const index = words.indexOf(word);
    const at = index < 0 ? "--flow" : `--flow, word ${index + 1}`;
    const gap = found.startsWith(":") ? "" : " ";
    throw new FlowError("flow-unreadable", `"${word}"${gap}${found}`, { at, hint });
  };
  const arrow = words.indexOf("->");
  if (arrow < 0 || words.indexOf("->", arrow + 1) >= 0)
    return refuse(text, arrow < 0 ? "has no ->" : "has more than one ->");
  const [who, way, protocolWord, source = "", extra] = words.slice(0, arrow);
  const [destination = "", more] = words.slice(arrow + 1);
  if (who === undefined || way === undefined || protocolWord === undefined)
    return refuse(text, "lacks a word before ->");
  if (extra !== undefined) return refuse(extra, "is one word too many before ->");
  if (more !== undefined) return refuse(more, "is one word too many after ->");
  const direction = directionOf(way, refuse);
  const protocol = parseFlowProtocol(protocolWord, refuse);
  const [far, near] = direction === "ingress" ? [source, destination] : [destination, source];
  const local = parseFlowEnd(near, refuse);
  const family = familyOf(protocol.number) ?? parseAddress(local.host ?? "")?.family;
  const remote = farEnd(parseFlowEnd(far, refuse), far, ruleSet, direction, family, refuse);
  const [client, served] = direction === "ingress" ? [remote, local] : [local, remote];
  const ports = portsOf(protocol, client, served, direction, refuse);
  return interfacesOf(who, ruleSet, refuse).map((interfaceId) => ({
    interfaceId,
    direction,
    protocol: protocol.number,
    icmp: protocol.icmp,
    remote: remote.address,
    local: ownAddress(local, near, interfaceId, ruleSet, refuse),
    ...ports,
    time,
  }));
}

function directionOf(word: string, refuse: Refuse): Direction {
  if (word === "ingress" || word === "egress") return word;
  return refuse(word, "is no direction: ingress or egress, at the interface");
}

function interfacesOf(word: string, ruleSet: RuleSet, refuse: Refuse): readonly string[] {
  const found = word.split(",").flatMap((name): readonly string[] => {
    const address = parseAddress(name);
    if (address !== undefined) {
      const ids = interfacesAt(ruleSet, address);
      return ids.length > 0 ? ids : refuse(word, `: ${name} is the address of no known interface`);
    }
    if (ruleSet.interfaces.has(name) || (ruleSet.attach.length > 0 && name !== "")) return [name];
    const known = [...ruleSet.interfaces.keys()].sort();
    const more = known.length > NAMED ? `, and ${known.length - NAMED} more` : "";
    return refuse(
      word,
      `: ${name === "" ? "a name is empty" : `"${name}" is no interface of the rules`}`,
      known.length === 0
        ? "the rules hold no interfaces: add describe-network-interfaces, or --interface eni-1=sg-a@10.0.0.5"
        : `known are ${known.slice(0, NAMED).join(", ")}${more}; or give an address of one`,
    );
  });
  return [...new Set(found)];
}

/** The family that a protocol runs over, where it is one alone (semantics 3.3). */
function familyOf(protocol: number): 4 | 6 | undefined {
  if (protocol === 1) return 4;
  return protocol === 58 ? 6 : undefined;
}

type Far = FlowEnd & { readonly address: Address };

function farEnd(
  end: FlowEnd,
  word: string,
  ruleSet: RuleSet,
  direction: Direction,
  family: 4 | 6 | undefined,
  refuse: Refuse,
): Far {
  const side = direction === "ingress" ? "before" : "after";
  if (end.host === null)
    return refuse(word === "" ? "->" : word, `: the remote address is missing ${side} ->`);
  const owned = ruleSet.interfaces.get(end.host)?.addresses;
  const address =
    parseAddress(end.host) ?? owned?.find((own) => family === undefined || own.family === family);
  if (address !== undefined) return { ...end, address };
  if (end.host.includes("/"))
    return refuse(word, "is a block; a flow has one address: ask about one in it");
  const known = ruleSet.interfaces.has(end.host);
  return refuse(
    word,
    known
      ? `is an interface without a known ${family === undefined ? "" : `IPv${family} `}address`
      : "holds no address and no interface's id",
  );
}

/** The address of the interface's own side, where it is told. */
function ownAddress(
  { host }: FlowEnd,
  word: string,
  interfaceId: string,
  ruleSet: RuleSet,
  refuse: Refuse,
): Address | null {
  if (host === null || host === interfaceId) return null;
  const address = parseAddress(host);
  if (address === undefined) return refuse(word, "holds no address");
  const owner = ruleSet.interfaces.get(interfaceId);
  if (owner === undefined || owner.prefixes.length > 0 || owner.addresses.length === 0)
    return address;
  if (owner.addresses.some((own) => sameAddress(own, address))) return address;
  const has = owner.addresses.map(formatAddress).join(", ");
  return refuse(word, `is not of ${interfaceId}, which has ${has}`);
}

function portsOf(
  { hasPorts, name }: FlowProtocol,
  client: FlowEnd,
  served: FlowEnd,
  direction: Direction,
  refuse: Refuse,
): Pick<HypotheticalFlow, "port" | "clientPort"> {
  if (!hasPorts) {
    const stray = [client, served].find(({ port }) => port !== null);
    if (stray !== undefined) return refuse(stray.text, `has a port; ${name} has none`);
    return { port: 0, clientPort: null };
  }
  if (typeof served.port !== "number")
    return refuse(
      served.text === "" ? "->" : served.text,
      `: the served port is missing after ->${served.port === "*" ? " (* is for the client's)" : ""}`,
      direction === "ingress" ? "such as -> :5432" : "such as -> 10.1.2.3:5432",
    );
  return { port: served.port, clientPort: typeof client.port === "number" ? client.port : null };
}
