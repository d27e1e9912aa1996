import { type Address, type Cidr, parseAddress, sameAddress } from "../model/address.js";
import type { FlowRecord } from "../model/record.js";
import type { NetworkInterface, RuleSet } from "../model/rule-set.js";
import type { Direction } from "../model/verdict.js";
import { effectiveDestination, effectiveSource, remoteAddress, UDP } from "./flow.js";

/** Services that groups never filter (semantics 1.4): DNS, metadata, time, activation, container metadata. */
const SERVICES: readonly Address[] = [
  "169.254.169.253",
  "169.254.169.254",
  "169.254.169.123",
  "169.254.169.250",
  "169.254.169.251",
  "169.254.170.2",
  "fd00:ec2::253",
  "fd00:ec2::254",
  "fd00:ec2::123",
  "fd00:ec2::250",
  "fd00:ec2::240",
].flatMap((text) => parseAddress(text) ?? []);

/** Client and server ports of DHCP and DHCPv6. */
const DHCP_PORTS: readonly (readonly [number, number])[] = [
  [67, 68],
  [546, 547],
];

/** The addresses that groups never filter at an interface. `owner` is absent for an attached, unknown one. */
export function serviceAddresses(
  ruleSet: RuleSet,
  owner: NetworkInterface | undefined,
): readonly Address[] {
  const vpc = owner?.vpcId === undefined ? undefined : ruleSet.vpcs.get(owner.vpcId);
  const subnet = owner?.subnetId === undefined ? undefined : ruleSet.subnets.get(owner.subnetId);
  const vpcBlock = vpc?.cidrs.find((cidr) => cidr.address.family === 4);
  const subnetBlocks = (subnet?.cidrs ?? []).filter((cidr) => cidr.address.family === 4);
  const routers = [...(vpcBlock === undefined ? [] : [vpcBlock]), ...subnetBlocks];
  return [
    ...SERVICES,
    ...(vpcBlock === undefined ? [] : [offset(vpcBlock, 2n)]),
    ...routers.map((block) => offset(block, 1n)),
  ];
}

function offset(block: Cidr, by: bigint): Address {
  return { family: block.address.family, value: block.address.value + by };
}

/** Whether groups never filter the record (semantics 1.4). `own` tells the addresses of the interface. */
export function isNotFiltered(
  record: FlowRecord,
  direction: Direction | null,
  services: readonly Address[],
  own: (address: Address) => boolean,
): boolean {
  const source = effectiveSource(record);
  const destination = effectiveDestination(record);
  if (source !== null && destination !== null) {
    if (sameAddress(source, destination) || (own(source) && own(destination))) return true;
  }
  if (isDhcp(record)) return true;
  const candidates =
    direction === null ? [source, destination] : [remoteAddress(record, direction)];
  return candidates.some(
    (candidate) => candidate !== null && services.some((s) => sameAddress(s, candidate)),
  );
}

function isDhcp(record: FlowRecord): boolean {
  if (record.protocol !== UDP) return false;
  const { srcPort, dstPort } = record;
  return DHCP_PORTS.some(
    ([a, b]) => (srcPort === a && dstPort === b) || (srcPort === b && dstPort === a),
  );
}
