// What `doctor` finds, as data.

import type { FormatSource } from "../logs/index.js";
import type { FetchCommand, Finding } from "../rules/index.js";

/** A first look at one log: its first MiB of text. */
export interface LogLook {
  readonly name: string;
  /** Bytes on disk; 0 = not known. */
  readonly size: number;
  /** `refused`: no log, or one that is not judged. `broken`: readable up to a break. */
  /** `other`: no log, and by its name it need not be one. */
  readonly status: "recognised" | "empty" | "other" | "refused" | "broken";
  /** What was refused or broke; notes of the reader otherwise. */
  readonly messages: readonly string[];
  readonly how: FormatSource | null;
  /** What the file is packed in, by its first bytes; null where they cannot be read twice (stdin, pipes). */
  readonly packing: "none" | "gzip" | "zstd" | null;
  readonly fields: readonly string[];
  readonly records: number;
  readonly malformed: Readonly<Record<string, number>>;
  readonly nodata: number;
  readonly skipdata: number;
  readonly firstStart: number | null;
  readonly lastEnd: number | null;
  /** The look saw the whole file. */
  readonly whole: boolean;
}

export interface LogsFound {
  readonly looks: readonly LogLook[];
  /** Files that were found but not looked at, because there are many. */
  readonly notLookedAt: number;
  readonly bytes: number;
  /** Interfaces seen in the looks. */
  readonly interfaces: readonly string[];
  /** Those of them that the rules do not describe; `null` without rules. */
  readonly undescribed: readonly string[] | null;
}

export interface RulesFound {
  readonly groups: number;
  readonly rules: number;
  readonly interfaces: number;
  readonly findings: readonly Finding[];
  /** Unix seconds of the oldest answer, where one tells; else the latest attachment, which only bounds it. */
  readonly takenAt: number | null;
  readonly notBefore: number | null;
}

/** A field that formats lack, and what its absence costs. */
export interface LackingField {
  readonly field: string;
  readonly cost: string;
  /** Files of the look without it. */
  readonly files: number;
}

export interface DoctorFindings {
  readonly logs: LogsFound | null;
  readonly rules: RulesFound | null;
  readonly lacking: readonly LackingField[];
  /** What could not be read or loaded at all. */
  readonly problems: readonly string[];
  readonly commands: readonly FetchCommand[];
  readonly logCommands: readonly string[];
}
