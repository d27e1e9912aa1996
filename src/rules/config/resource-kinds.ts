// What AWS Config follows and a rule set is made of.
import type { DocumentKind } from "../document.js";

/** Types that the rule set is made of, and the answers that they have the part of. */
export const RESOURCE_KINDS: ReadonlyMap<string, readonly DocumentKind[]> = new Map<
  string,
  readonly DocumentKind[]
>([
  ["AWS::EC2::SecurityGroup", ["describe-security-groups"]],
  ["AWS::EC2::NetworkInterface", ["describe-network-interfaces"]],
  ["AWS::EC2::PrefixList", ["describe-managed-prefix-lists"]],
  ["AWS::EC2::VPC", ["describe-vpcs"]],
  ["AWS::EC2::Subnet", ["describe-subnets"]],
  ["AWS::EC2::VPCPeeringConnection", ["describe-vpc-peering-connections"]],
  ["AWS::EC2::NetworkAcl", ["describe-network-acls"]],
]);
