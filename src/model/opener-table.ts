import { addressWord } from "./address-words.js";
import {
  ACTIONS,
  type JudgedOpener,
  type OpenerChange,
  type OpenerRuling,
  WAYS,
} from "./opener.js";
import { GRADES } from "./verdict.js";

/** What all timelines say of a row; rows share it. */
export type OpenerAnswer = Pick<JudgedOpener, "rulings" | "changes">;

/**
 * Rows of openers, read column by column: millions of them are numbers, and an object is made of one where it is asked
 * for. Rows are numbered from 0, in no order that means anything.
 */
export interface OpenerTable extends Iterable<JudgedOpener> {
  readonly length: number;
  /** A row as an object, which reads what is asked of it: `plainOpener` copies it. */
  at(row: number): JudgedOpener;
  /** Numbers of interfaces are below this. */
  readonly interfaceCount: number;
  interfaceId(number: number): string;
  interfaceNumber(row: number): number;
  /** Index into WAYS. */
  way(row: number): number;
  protocol(row: number): number;
  /** -1 = none. */
  port(row: number): number;
  /** One of the four 32-bit words of the remote address, 0 the highest; IPv4 is ::ffff:a.b.c.d. */
  remoteWord(row: number, word: number): number;
  /** Index into GRADES, and into ACTIONS. */
  grade(row: number): number;
  action(row: number): number;
  connections(row: number): number;
  openingsAssumed(row: number): number;
  forward(row: number): number;
  replies(row: number): number;
  bytes(row: number): number;
  first(row: number): number;
  last(row: number): number;
  /** Start of the earliest sample; Infinity = there is none. */
  sampledFrom(row: number): number;
  isScanner(row: number): boolean;
  /** Number of what the timelines say of the row, below `answerCount`; not every number is any row's. */
  answer(row: number): number;
  readonly answerCount: number;
  answerOf(number: number): OpenerAnswer;
}

/** Rows that are objects already, as a table. */
export class OpenerList implements OpenerTable {
  private readonly rows: readonly JudgedOpener[];
  private readonly ids = new Map<string, number>();
  private readonly idList: readonly string[];
  private readonly answerNumbers = new Map<
    readonly OpenerRuling[],
    Map<readonly OpenerChange[], number>
  >();
  private readonly answers: JudgedOpener[] = [];

  constructor(rows: readonly JudgedOpener[]) {
    this.rows = rows;
    for (const { interfaceId } of rows)
      if (!this.ids.has(interfaceId)) this.ids.set(interfaceId, this.ids.size);
    this.idList = [...this.ids.keys()];
    for (const row of rows) this.number(row);
  }

  private number(row: JudgedOpener): number {
    const known = this.answerNumbers.get(row.rulings) ?? new Map<readonly OpenerChange[], number>();
    this.answerNumbers.set(row.rulings, known);
    const number = known.get(row.changes) ?? this.answers.push(row) - 1;
    known.set(row.changes, number);
    return number;
  }

  get length(): number {
    return this.rows.length;
  }

  [Symbol.iterator](): Iterator<JudgedOpener> {
    return this.rows[Symbol.iterator]();
  }

  at(row: number): JudgedOpener {
    return this.rows[row]!;
  }

  get interfaceCount(): number {
    return this.idList.length;
  }

  interfaceId(number: number): string {
    return this.idList[number]!;
  }

  interfaceNumber(row: number): number {
    return this.ids.get(this.at(row).interfaceId)!;
  }

  way(row: number): number {
    return WAYS.indexOf(this.at(row).direction);
  }

  protocol(row: number): number {
    return this.at(row).protocol;
  }

  port(row: number): number {
    return this.at(row).port ?? -1;
  }

  remoteWord(row: number, word: number): number {
    return addressWord(this.at(row).remote, word);
  }

  grade(row: number): number {
    return GRADES.indexOf(this.at(row).grade);
  }

  action(row: number): number {
    return ACTIONS.indexOf(this.at(row).action);
  }

  connections(row: number): number {
    return this.at(row).connections;
  }

  openingsAssumed(row: number): number {
    return this.at(row).openingsAssumed;
  }

  forward(row: number): number {
    return this.at(row).forward;
  }

  replies(row: number): number {
    return this.at(row).replies;
  }

  bytes(row: number): number {
    return this.at(row).bytes;
  }

  first(row: number): number {
    return this.at(row).first;
  }

  last(row: number): number {
    return this.at(row).last;
  }

  sampledFrom(row: number): number {
    return this.at(row).samples[0]?.start ?? Number.POSITIVE_INFINITY;
  }

  isScanner(row: number): boolean {
    return this.at(row).scanner;
  }

  answer(row: number): number {
    return this.number(this.at(row));
  }

  get answerCount(): number {
    return this.answers.length;
  }

  answerOf(number: number): OpenerAnswer {
    return this.answers[number]!;
  }
}

/** Rows in either form. */
export type OpenerRows = OpenerTable | readonly JudgedOpener[];

/** Rows in either form as a table. */
export function openerTable(rows: OpenerRows): OpenerTable {
  return isList(rows) ? new OpenerList(rows) : rows;
}

function isList(rows: OpenerRows): rows is readonly JudgedOpener[] {
  return Array.isArray(rows);
}

/** A copy of a row that stands by itself. */
export function plainOpener(row: JudgedOpener): JudgedOpener {
  const { interfaceId, direction, protocol, remote, port, grade, action } = row;
  const { connections, openingsAssumed, forward, replies, bytes, first, last } = row;
  const { samples, rulings, changes, scanner, otherPort } = row;
  return {
    ...{ interfaceId, direction, protocol, remote, port, grade, action },
    ...{ connections, openingsAssumed, forward, replies, bytes, first, last },
    ...{ samples, rulings, changes, scanner },
    ...(otherPort === undefined ? {} : { otherPort }),
  };
}
