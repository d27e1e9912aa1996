/** What a log format without the field costs, in the order of weight; fields that cost nothing are not here. */
export const FIELD_COSTS: readonly (readonly [field: string, cost: string])[] = [
  ["interface-id", "every record is unknown (missing-field)"],
  ["srcaddr", "every record is unknown (missing-field)"],
  ["dstaddr", "every record is unknown (missing-field)"],
  ["protocol", "every record is unknown (missing-field)"],
  ["srcport", "TCP and UDP records are unknown (missing-field)"],
  ["dstport", "TCP and UDP records are unknown (missing-field)"],
  ["start", "every record is unknown (missing-field)"],
  ["action", "nothing to compare the verdicts with"],
  ["log-status", "windows that AWS lost (SKIPDATA) go unnoticed"],
  ["tcp-flags", "who opened a TCP connection is inferred from ports and peers, not measured"],
  ["pkt-srcaddr", "the true source behind NAT, load balancers and pods is hidden"],
  ["pkt-dstaddr", "the true destination behind NAT, load balancers and pods is hidden"],
  ["flow-direction", "the direction is told by the interface's addresses, which must be known"],
  ["reject-reason", "rejects by Block Public Access look like changed rules or ACLs"],
  ["resource-id", "records of regional NAT gateways are unknown (missing-field)"],
];
