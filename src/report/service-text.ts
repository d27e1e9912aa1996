import { protocolPort } from "./quantity.js";

/** The part of a rule that tells what it is open for. */
export interface RuleService {
  readonly protocol: number;
  readonly fromPort: number;
  readonly toPort: number;
  readonly icmpType: number;
  readonly icmpCode: number;
}

const LAST_PORT = 65_535;

function icmpText({ icmpType, icmpCode }: RuleService): string {
  if (icmpType === -1) return "";
  return icmpCode === -1 ? ` type ${icmpType}` : ` type ${icmpType} code ${icmpCode}`;
}

/** `tcp/443`, `udp/1024-2047`, `tcp`, `icmp type 8`, `all`. */
export function serviceText(rule: RuleService): string {
  const { protocol, fromPort, toPort } = rule;
  const name = protocolPort(protocol, null);
  if (protocol !== 6 && protocol !== 17) return `${name}${icmpText(rule)}`;
  if (fromPort <= 0 && toPort >= LAST_PORT) return name;
  return fromPort === toPort ? `${name}/${fromPort}` : `${name}/${fromPort}-${toPort}`;
}
