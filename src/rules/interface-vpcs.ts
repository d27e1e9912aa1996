// Terraform and templates tell the subnet of an interface and not its VPC, whose resolver no group filters (semantics 1.4).
import type { NetworkInterface, Subnet } from "../model/rule-set.js";

/** The interfaces; those without a VPC have that of their subnet. O(interfaces). */
export function withVpcs(
  interfaces: ReadonlyMap<string, NetworkInterface>,
  subnets: ReadonlyMap<string, Subnet>,
): Map<string, NetworkInterface> {
  const told = new Map(interfaces);
  for (const [id, carrier] of interfaces) {
    if (carrier.vpcId !== undefined || carrier.subnetId === undefined) continue;
    const vpcId = subnets.get(carrier.subnetId)?.vpcId;
    if (vpcId !== undefined) told.set(id, { ...carrier, vpcId });
  }
  return told;
}
