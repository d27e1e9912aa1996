import type { Address } from "./address.js";
import type { Direction, Grade, Reason, Verdict } from "./verdict.js";

/** A record that a number leads back to: file as shown to the user, 1-based line, its start. */
export interface Sample {
  readonly file: string;
  readonly line: number;
  readonly start: number;
}

/** Most samples kept per row: the ones with the smallest start, then file, then line. */
export const OPENER_SAMPLES: number = 3;

/** Directions of openings and actions by the number that the core has for them. */
export const WAYS: readonly OpenerRow["direction"][] = [null, "ingress", "egress"];
export const ACTIONS: readonly OpenerRow["action"][] = ["none", "accepted", "rejected"];

/**
 * Connections whose openings are alike: same interface, direction, protocol, remote address, served port, grade and
 * action. The unit of every question about rules; it does not depend on the rules.
 */
export interface OpenerRow {
  readonly interfaceId: string;
  /** Of the opening at the interface; null where nobody knows who opened (semantics 4.6). */
  readonly direction: Direction | null;
  readonly protocol: number;
  readonly remote: Address;
  /** The served (destination) port of the opening; null without ports. Opener unknown: the lower of the two ports. */
  readonly port: number | null;
  /** Opener unknown: the higher of the two ports; null without ports, and where the opener is known. Absent = not kept. */
  readonly otherPort?: number | null;
  readonly grade: Grade;
  /** What AWS did with the records of the opener's side: some ACCEPTed, all REJECTed, or no action logged. */
  readonly action: "accepted" | "rejected" | "none";
  readonly connections: number;
  /** Of them, those whose opening nobody saw (semantics 5.4). */
  readonly openingsAssumed: number;
  /** Records of the opener's side, of the other side, and bytes of both. Opener unknown: all are forward. */
  readonly forward: number;
  readonly replies: number;
  readonly bytes: number;
  /** First start and last end, Unix seconds. */
  readonly first: number;
  readonly last: number;
  readonly samples: readonly Sample[];
}

/** What one timeline of rule sets says of the connections of a row. */
export interface OpenerRuling {
  readonly verdict: Verdict;
  /** Of the opening; `acl` where the network ACL of either direction stops the connection. */
  readonly reason: Reason;
  readonly detail: string;
  /** Ids of all rules that admit the opening; empty unless `rule`. */
  readonly rules: readonly string[];
}

/** How a candidate changes a verdict (semantics 9.1). */
export type Change = "newly-denied" | "newly-allowed" | "unchanged" | "undetermined";
export const CHANGES: readonly Change[] = [
  "newly-denied",
  "newly-allowed",
  "unchanged",
  "undetermined",
];

/** What a cut-over at T does to connections that the candidate would deny (semantics 6.5, 9.3). */
export type CutOver = "survives" | "cut" | "refused";

/** What became of a row under one candidate. */
export interface OpenerChange {
  readonly change: Change;
  /** Set with `--at` where the baseline allows and the candidate denies. */
  readonly cutOver: CutOver | null;
}

/** A row with what every timeline says: rulings[0] is the baseline's, rulings[1 + i] and changes[i] candidate i's. */
export interface JudgedOpener extends OpenerRow {
  readonly rulings: readonly OpenerRuling[];
  readonly changes: readonly OpenerChange[];
  /** The remote side opened, and none of the openers of that address was ever ACCEPTed: a scanner's. */
  readonly scanner: boolean;
}

/** Counts per change. */
export type ChangeCounts = Readonly<Record<Change, number>>;
