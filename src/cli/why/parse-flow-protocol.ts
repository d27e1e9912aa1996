import type { IcmpKind } from "../../reference/index.js";
import type { Refuse } from "./parse-flow-end.js";

export interface FlowProtocol {
  readonly name: string;
  /** IANA number. */
  readonly number: number;
  readonly hasPorts: boolean;
  readonly icmp: IcmpKind | null;
}

const NUMBERS: ReadonlyMap<string, number> = new Map([
  ["icmp", 1],
  ["tcp", 6],
  ["udp", 17],
  ["gre", 47],
  ["esp", 50],
  ["ah", 51],
  ["icmpv6", 58],
  ["sctp", 132],
]);
const LAST_BYTE = 255;

function byteOf(text: string): number | undefined {
  return /^\d{1,3}$/.test(text) && Number(text) <= LAST_BYTE ? Number(text) : undefined;
}

/** Reads a protocol's name or number; of ICMP the type and code may follow: `icmp/8/0`, `icmpv6/128`. */
export function parseFlowProtocol(text: string, refuse: Refuse): FlowProtocol {
  const [name = "", type, code, rest] = text.toLowerCase().split("/");
  const number = NUMBERS.get(name) ?? byteOf(name);
  if (number === undefined)
    return refuse(text, `is no protocol: ${[...NUMBERS.keys()].join(", ")}, or a number`);
  const hasPorts = number === 6 || number === 17;
  if (type === undefined) return { name, number, hasPorts, icmp: null };
  if (number !== 1 && number !== 58)
    return refuse(text, `: ${name} has no types; ports stand behind the addresses`);
  const known = { type: byteOf(type), code: code === undefined ? null : byteOf(code) };
  if (known.type === undefined || known.code === undefined || rest !== undefined)
    return refuse(text, `is no ICMP type and code: ${name}/TYPE or ${name}/TYPE/CODE, each 0-255`);
  return { name, number, hasPorts, icmp: { type: known.type, code: known.code } };
}
