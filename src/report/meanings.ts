// One line of plain words for every code a report prints; short enough for a column of 100.

import type { Cause } from "../analysis/summary.js";
import type { Grade, Reason } from "../model/verdict.js";

export const REASON_MEANINGS: Readonly<Record<Reason, string>> = {
  rule: "a rule admits the opening",
  reply: "reply of an allowed connection",
  "no-groups": "the interface carries no security group",
  "not-filtered": "traffic that security groups never filter",
  "no-rule": "no rule admits the opening",
  "reply-to-denied": "reply of a denied connection",
  "after-close": "came after its connection was closed",
  expired: "its connection had been idle too long",
  acl: "a network ACL denies it",
  "interface-not-in-snapshot": "interface or group is not in the rules",
  "missing-field": "a field that is needed is missing",
  "no-direction": "ingress or egress cannot be told",
  "peer-unresolved": "members of a group or list are not known",
  "icmp-type": "a rule names an ICMP type, logs carry none",
  "icmp-related": "may be an ICMP error about a tracked flow",
  "direction-undecided": "who opened decides, the log does not tell",
  "one-sided": "accepted, seen one way, admitted in neither",
};

export const GRADE_MEANINGS: Readonly<Record<Grade, string>> = {
  none: "no connection was needed",
  unknown: "no evidence, or it contradicts itself",
  "one-way": "only one direction was seen",
  paired: "one direction began clearly earlier",
  inferred: "from ports and from how many peers an endpoint serves",
  rejected: "the rejected side opened, or the accepted one with rejected replies",
  measured: "from TCP flags",
};

export const CAUSE_MEANINGS: Readonly<Record<Cause, string>> = {
  "opened-before-log": "opened before the log begins",
  "address-translated": "no pkt-* fields, address of no interface",
  "rules-changed-or-incomplete": "the rules changed since, or some are missing",
  "blocked-public-access": "VPC Block Public Access (reject-reason BPA)",
  "encryption-control": "VPC encryption controls (reject-reason EC)",
  "late-packet": "a packet after close or expiry",
  "acl-strongly-suspected": "a network ACL: only the reply was rejected",
  "acl-suspected": "a network ACL",
  "rules-changed-or-acl": "the rules changed since, or a network ACL",
};
