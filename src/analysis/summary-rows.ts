// Rows of a summary that somebody else may have written: what the core uses as an index, or counts with, is looked at
// before the core sees it.

import * as c from "../contract.js";
import type { SummaryFacts } from "./opener-summary.js";

/** Throws what `invalid` makes of the first thing that cannot be. */
export type RowCheck = (rows: Uint8Array) => void;

type Invalid = (found: string) => Error;

const COUNTS: readonly number[] = [
  c.OPENING_CONNECTIONS,
  c.OPENING_ASSUMED,
  c.OPENING_FORWARD,
  c.OPENING_REPLIES,
];
/** Upper word of a count that no double tells from the next. */
const UNCOUNTED = 1 << 21;

const STORED_FLAGS =
  c.OF_DIRECTION_MASK |
  (7 << c.OF_GRADE_SHIFT) |
  (3 << c.OF_ACTION_SHIFT) |
  c.OF_LOCAL_LOWER |
  c.OF_BOTH_SIDES |
  c.OF_LOST_LOCAL |
  c.OF_LOST_REMOTE;

/** A check of rows of openers; flags that no summary has are taken out. */
export function checkOpeners(facts: SummaryFacts, invalid: Invalid): RowCheck {
  return (rows) => {
    const words = new Uint32Array(rows.buffer, rows.byteOffset, rows.byteLength / 4);
    for (let row = 0; row < words.length; row += c.OPENING_BYTES / 4) {
      checkNames(words, row + c.OPENING_INTERFACE / 4, row + c.OPENING_SAMPLES / 4, facts, invalid);
      if (COUNTS.some((at) => words[row + at / 4 + 1]! >= UNCOUNTED))
        throw invalid("a row of more than 2^53 records");
      const flags = words[row + c.OPENING_FLAGS / 4]!;
      if ((flags & c.OF_DIRECTION_MASK) > c.DIRECTION_EGRESS)
        throw invalid("a row of no direction");
      if (((flags >> c.OF_GRADE_SHIFT) & 7) >= c.GRADE_COUNT) throw invalid("a row of no grade");
      if (((flags >> c.OF_ACTION_SHIFT) & 3) > c.ACTION_REJECT) throw invalid("a row of no action");
      words[row + c.OPENING_FLAGS / 4] = flags & STORED_FLAGS;
    }
  };
}

const STORED_STATE = c.ST_IN_USE - 1;
const STORED_SEEN = 3 * (c.LEDGER_ACCEPTED | c.LEDGER_OPEN | c.LEDGER_LOST);
const STORED_AT = (1 << c.AT_BITS) - 1;
/** Upper words of an IPv4 address, as ::ffff:a.b.c.d. */
const MAPPED = 0xffff;

/** The same of connections at borders; they must be in order of their first start. */
export function checkBorders(facts: SummaryFacts, invalid: Invalid): RowCheck {
  let before = 0;
  return (rows) => {
    const words = new Uint32Array(rows.buffer, rows.byteOffset, rows.byteLength / 4);
    for (let row = 0; row < words.length; row += c.BORDER_BYTES / 4) {
      checkNames(words, row + c.BORDER_INTERFACE / 4, row + c.BORDER_SAMPLES / 4, facts, invalid);
      const first = words[row + c.BORDER_FIRST / 4]!;
      if (first < before) throw invalid("connections out of order");
      before = first;
      const state = words[row + c.BORDER_STATE / 4]!;
      for (const [grade, opener] of OPENERS)
        if (((state >> grade) & 7) >= c.GRADE_COUNT || ((state >> opener) & 3) === 3)
          throw invalid("a connection of no grade or opener");
      if (isMapped(words, row + c.BORDER_LOCAL / 4) !== isMapped(words, row + c.BORDER_REMOTE / 4))
        throw invalid("a connection between two address families");
      words[row + c.BORDER_STATE / 4] = state & STORED_STATE;
      words[row + c.BORDER_AT / 4]! &= STORED_AT;
      words[row + c.BORDER_FLAGS / 4]! &= STORED_SEEN;
    }
  };
}

const OPENERS: readonly (readonly [grade: number, opener: number])[] = [
  [c.ST_GRADE_SHIFT, c.ST_OPENER_SHIFT],
  [c.ST_EARLIER_GRADE_SHIFT, c.ST_EARLIER_OPENER_SHIFT],
];

function isMapped(words: Uint32Array, address: number): boolean {
  return words[address] === 0 && words[address + 1] === 0 && words[address + 3] === MAPPED;
}

function checkNames(
  words: Uint32Array,
  face: number,
  samples: number,
  facts: SummaryFacts,
  invalid: Invalid,
): void {
  if (words[face]! >= facts.interfaces.length)
    throw invalid("a row of an interface that is not listed");
  for (let i = 0; i < c.TUPLE_SAMPLE_COUNT; i++) {
    const sample = samples + 3 * i;
    if (words[sample + 2] !== 0 && words[sample + 1]! >= facts.files.length)
      throw invalid("a sample of a file that is not listed");
  }
}
