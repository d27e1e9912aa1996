import type { Amount, Share } from "./tuple.js";
import type { UsageClass } from "./usage.js";

/** Address-port pairs that a rule opens and no kept rule of its group does. */
export interface ClosedSpace {
  /** Of the rule alone: addresses of its peer (null where not known) and ports (1 without ports, ICMP: types). */
  readonly addresses: number | null;
  readonly ports: number;
  /** Pairs that its removal closes; nobody used them. Null where the members are not known. */
  readonly pairs: number | null;
  /** True: `pairs` is an upper bound, for not every overlap was subtracted. */
  readonly atMost: boolean;
}

/** A rule that can go, and what that costs. */
export interface RemovedRule extends Amount {
  readonly id: string;
  readonly groupId: string;
  readonly class: UsageClass;
  /** Kept rules that admit what it admitted, with how much of it, most first. Empty: it admitted nothing. */
  readonly admittedBy: readonly Share[];
  readonly closes: ClosedSpace;
}

/** Why a rule stays, closed list. */
export type KeepReason =
  /** Connections that no other kept rule admits. */
  | "needed"
  /** It may admit connections whose verdict or opener is unknown. */
  | "undecided-traffic"
  /** Classes that never go. */
  | "not-observable"
  | "on-no-interface"
  | "undecidable"
  /** No rule of a document: the open egress of an EC2-Classic group (semantics 3.8). */
  | "not-a-rule";

export interface KeptRule {
  readonly id: string;
  readonly groupId: string;
  readonly class: UsageClass;
  readonly reason: KeepReason;
  /** Connections that no other kept rule admits. */
  readonly soleConnections: number;
  /** Connections with unknown verdict or opener that it may admit. */
  readonly undecided: number;
}

/** Rules that share connections with one another, directly or through others. */
export interface RemovalComponent {
  readonly rules: readonly string[];
  readonly kept: readonly string[];
  /** No smaller set of kept rules exists for these rules. */
  readonly optimal: boolean;
}

/** Rules that can go together: every connection that was admitted stays admitted by what is left. */
export interface RemovalPlan {
  readonly removed: readonly RemovedRule[];
  readonly kept: readonly KeptRule[];
  readonly components: readonly RemovalComponent[];
  /** Every component is. */
  readonly optimal: boolean;
  /** Admitted connections that the plan was made for: all of them stay admitted. */
  readonly connections: number;
}
