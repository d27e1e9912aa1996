// The answers that make a whole snapshot of an account's region, and the files they are kept in.
import type { DocumentKind } from "./document.js";

/** An answer about everything there is, and its file. */
export interface WholeAnswer {
  readonly kind: DocumentKind;
  readonly file: string;
}

export const WHOLE_ANSWERS: readonly WholeAnswer[] = [
  { kind: "describe-security-groups", file: "security-groups.json" },
  { kind: "describe-security-group-rules", file: "security-group-rules.json" },
  { kind: "describe-network-interfaces", file: "network-interfaces.json" },
  { kind: "describe-managed-prefix-lists", file: "managed-prefix-lists.json" },
  { kind: "describe-vpcs", file: "vpcs.json" },
  { kind: "describe-subnets", file: "subnets.json" },
  { kind: "describe-vpc-peering-connections", file: "vpc-peering-connections.json" },
  { kind: "describe-network-acls", file: "network-acls.json" },
];

/** File of describe-stale-security-groups, which is asked for each VPC. */
export function staleGroupsFile(vpcId: string): string {
  return `stale-security-groups-${vpcId}.json`;
}

/** File of get-managed-prefix-list-entries: the answer does not name its list, so the file does. */
export function listEntriesFile(listId: string): string {
  return `${listId}.json`;
}
