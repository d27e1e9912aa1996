import type { Direction, Grade, Reason, Verdict } from "../model/verdict.js";

/** Schema version of every JSON the program prints. Keys are only added within a version. */
export const SCHEMA_VERSION: number = 1;

/** Where a record stands: file as given (or relative to the folder given) and 1-based physical line. */
export interface Located {
  readonly file: string;
  readonly line: number;
}

export interface MalformedSample extends Located {
  readonly reason: MalformedReason;
  /** The beginning of the line, cut at 200 bytes, control characters written as `\xNN`. */
  readonly text: string;
}

/** Why a line does not parse, closed list (index = code of the core, 0 unused). */
export const MALFORMED_REASONS = [
  "",
  "field-count",
  "number",
  "address",
  "action",
  "status",
  "direction",
  "interface-id",
  "family",
  "too-long",
] as const;
export type MalformedReason = Exclude<(typeof MALFORMED_REASONS)[number], "">;

/** Suspected causes of a disagreement between action and verdict (semantics 8). */
export const CAUSES = [
  "",
  "opened-before-log",
  "address-translated",
  "rules-changed-or-incomplete",
  "blocked-public-access",
  "encryption-control",
  "late-packet",
  "acl-strongly-suspected",
  "acl-suspected",
  "rules-changed-or-acl",
] as const;
export type Cause = Exclude<(typeof CAUSES)[number], "">;

/** Disagreeing records of one kind: interface, direction of the opener, remote address, protocol and served port. */
export interface MismatchTuple {
  readonly interfaceId: string;
  /** Direction of the connection's opening at the interface; `null` where the opener is not known. */
  readonly direction: Direction | null;
  readonly remote: string;
  readonly protocol: number;
  /** Destination port of the opening; `null` for protocols without ports. */
  readonly port: number | null;
  readonly records: number;
  readonly bytes: number;
  readonly causes: Readonly<Partial<Record<Cause, number>>>;
  readonly firstStart: number;
  readonly lastEnd: number;
  /** The first records of the tuple in log order, at most three. */
  readonly samples: readonly Located[];
}

export interface InterfaceCoverage {
  readonly id: string;
  readonly inRuleSet: boolean;
  readonly records: number;
  readonly allow: number;
  readonly deny: number;
  readonly unknown: number;
  readonly nodata: number;
  readonly skipdata: number;
  /** Seconds covered by SKIPDATA windows (sum of end - start). */
  readonly skipdataSeconds: number;
  readonly firstStart: number | null;
  readonly lastEnd: number | null;
  /** The interface's own address where 2.3 inferred it; IPv4 and IPv6 joined by a comma. */
  readonly inferredAddress: string | null;
}

export interface RuleHits {
  readonly id: string;
  /** Forward records the rule matches, their bytes, and connections it admits. */
  readonly records: number;
  readonly bytes: number;
  readonly connections: number;
}

export interface MissingField {
  readonly field: string;
  /** Records of formats that lack the field. */
  readonly records: number;
  readonly cost: string;
}

/** Something about a log that is worth a word and changes no verdict. */
export interface LogNote extends Located {
  readonly code: string;
  readonly message: string;
}

export interface BrokenFile {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

/** Records by verdict and the time of their start, in bins of one width; late ones and those without start left out. */
export interface OverTime {
  /** Width of a bin. */
  readonly seconds: number;
  /** Where the first bin begins, Unix seconds: a multiple of the width. */
  readonly first: number;
  readonly allow: readonly number[];
  readonly deny: readonly number[];
  readonly unknown: readonly number[];
}

export interface Coverage {
  /** Smallest `start` and greatest `end` of status OK records, Unix seconds; null without records. */
  readonly firstStart: number | null;
  readonly lastEnd: number | null;
  /** null where nothing was judged, and of summaries, which hold no records. */
  readonly overTime: OverTime | null;
  readonly files: number;
  /** Files that by their names can hold nothing between --from and --to: not opened, not part of `files`. */
  readonly filesOutsideTime: number;
  readonly bytesRead: number;
  readonly interfaces: {
    readonly seen: number;
    readonly withRules: number;
    readonly withoutRules: number;
    readonly inferredAddresses: number;
    readonly list: readonly InterfaceCoverage[];
  };
  readonly malformed: {
    readonly byReason: Readonly<Partial<Record<MalformedReason, number>>>;
    readonly samples: readonly MalformedSample[];
  };
  readonly missingFields: readonly MissingField[];
  readonly brokenFiles: readonly BrokenFile[];
  /** The first of each code and file; at most 100. */
  readonly notes: readonly LogNote[];
  readonly openingsAssumed: number;
  readonly endpointsEvicted: number;
  /** Records skipped by --from/--to/--interface/--group/--vpc; not part of `read`. */
  readonly filtered: number;
  /** Attach times newest in the snapshot, for its age against the log; null where no document says. */
  readonly snapshotTakenAt: number | null;
}

export interface VerdictCounts {
  readonly allow: number;
  readonly deny: number;
  readonly unknown: number;
}

/** Everything `evaluate` counts. `read = judged + nodata + skipdata + malformed`; `late` is part of judged. */
export interface Summary {
  readonly partial: boolean;
  readonly records: {
    readonly read: number;
    readonly judged: number;
    readonly nodata: number;
    readonly skipdata: number;
    readonly malformed: number;
    readonly late: number;
  };
  readonly verdicts: VerdictCounts;
  readonly matrix: { readonly accept: VerdictCounts; readonly reject: VerdictCounts };
  readonly reasons: Readonly<Record<Reason, number>>;
  readonly grades: Readonly<Record<Grade, number>>;
  readonly connections: VerdictCounts & { readonly total: number; readonly evicted: number };
  /** Agreeing / (agreeing + disagreeing) over records judged allow or deny; null where there are none. */
  readonly fidelity: number | null;
  readonly causes: Readonly<Partial<Record<Cause, number>>>;
  readonly mismatches: {
    /** Sorted by records, then by key; at most `limit` each. `more` = tuples not listed. */
    readonly acceptedButDenied: readonly MismatchTuple[];
    readonly rejectedButAllowed: readonly MismatchTuple[];
    readonly more: number;
  };
  readonly rules: readonly RuleHits[];
  readonly coverage: Coverage;
  /** Set where rows of openers were judged in place of records: what AWS did with each record is not known. */
  readonly ofOpeners?: true;
}

export type { Direction, Grade, Reason, Verdict };
