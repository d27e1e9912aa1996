import type { Cause } from "../analysis/summary.js";
import type { Reason } from "../model/verdict.js";
import type { Settling } from "./check.js";

function get(document: string, command: string | null = null): Settling {
  return { document, command };
}

const ACLS = get("the network ACLs", "aws ec2 describe-network-acls --output json");
const SUBNETS = get(
  "the subnets, to know whose ACL applies",
  "aws ec2 describe-subnets --output json",
);
const GROUPS = get("the security groups", "aws ec2 describe-security-groups --output json");
const INTERFACES = get(
  "the network interfaces",
  "aws ec2 describe-network-interfaces --include-managed-resources --output json",
);
const RULES_OF_THE_TIME = get("the rules as they were at the time of the log: --rules PATH@TIME");
const PACKET_FIELDS = get("a log format with pkt-srcaddr and pkt-dstaddr");
const TCP_FLAGS = get("a log format with tcp-flags");
const EARLIER_LOG = get("the log files of the time before");
const DIRECTION_FIELD = get("a log format with flow-direction");

/** What would settle whether a suspected cause is the true one (semantics 8). */
export const CAUSE_SETTLINGS: Readonly<Record<Cause, readonly Settling[]>> = {
  "encryption-control": [
    get(
      "the encryption controls of the VPC",
      "aws ec2 describe-vpc-encryption-controls --output json",
    ),
  ],
  "blocked-public-access": [
    get(
      "the block-public-access options and exclusions",
      "aws ec2 describe-vpc-block-public-access-options --output json",
    ),
  ],
  "acl-strongly-suspected": [ACLS, SUBNETS],
  "acl-suspected": [ACLS, SUBNETS],
  "rules-changed-or-acl": [ACLS, SUBNETS, RULES_OF_THE_TIME],
  "rules-changed-or-incomplete": [RULES_OF_THE_TIME, GROUPS, INTERFACES],
  "address-translated": [PACKET_FIELDS],
  "opened-before-log": [EARLIER_LOG],
  "late-packet": [
    get("the idle timers of the interface (ConnectionTrackingConfiguration)", INTERFACES.command),
  ],
};

/** What would turn an unknown verdict into an answer; nothing for reasons that stand for an answer. */
export const REASON_SETTLINGS: Readonly<Partial<Record<Reason, readonly Settling[]>>> = {
  "interface-not-in-snapshot": [INTERFACES, GROUPS],
  "missing-field": [get("a log format with the field that the detail names")],
  "no-direction": [DIRECTION_FIELD, INTERFACES],
  "peer-unresolved": [
    INTERFACES,
    get(
      "the entries of the prefix lists that rules name",
      "aws ec2 get-managed-prefix-list-entries --output json --prefix-list-id PL",
    ),
    get("groups and interfaces of the other accounts that rules name"),
  ],
  "icmp-type": [get("nothing in a flow log: it carries no ICMP type; rules of every type decide")],
  "icmp-related": [get("nothing in a flow log: it does not say which flow an ICMP error is about")],
  "direction-undecided": [TCP_FLAGS, EARLIER_LOG],
  "one-sided": [TCP_FLAGS, get("the log of the other direction: ALL traffic, without sampling")],
};
