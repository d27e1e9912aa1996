import type { Address } from "../model/address.js";
import { addressOfWords } from "../model/address-words.js";
import { ACTIONS, type JudgedOpener, type Sample, WAYS } from "../model/opener.js";
import type { OpenerTable } from "../model/opener-table.js";
import { GRADES } from "../model/verdict.js";

/** What a view reads of a table. */
export interface ViewedTable extends OpenerTable {
  samples(row: number): readonly Sample[];
  /** The higher port where the opener is unknown; -1 = none, or it is known. */
  otherPort(row: number): number;
}

/** A row of a table as an object: every property is read when it is asked for. */
export class OpenerView implements JudgedOpener {
  private readonly table: ViewedTable;
  private readonly row: number;

  constructor(table: ViewedTable, row: number) {
    this.table = table;
    this.row = row;
  }

  get interfaceId(): string {
    return this.table.interfaceId(this.table.interfaceNumber(this.row));
  }

  get direction(): JudgedOpener["direction"] {
    return WAYS[this.table.way(this.row)]!;
  }

  get protocol(): number {
    return this.table.protocol(this.row);
  }

  get remote(): Address {
    const { table, row } = this;
    const word = (number: number): number => table.remoteWord(row, number);
    return addressOfWords(word(0), word(1), word(2), word(3));
  }

  get port(): number | null {
    const port = this.table.port(this.row);
    return port < 0 ? null : port;
  }

  get otherPort(): number | null {
    const port = this.table.otherPort(this.row);
    return port < 0 ? null : port;
  }

  get grade(): JudgedOpener["grade"] {
    return GRADES[this.table.grade(this.row)]!;
  }

  get action(): JudgedOpener["action"] {
    return ACTIONS[this.table.action(this.row)]!;
  }

  get connections(): number {
    return this.table.connections(this.row);
  }

  get openingsAssumed(): number {
    return this.table.openingsAssumed(this.row);
  }

  get forward(): number {
    return this.table.forward(this.row);
  }

  get replies(): number {
    return this.table.replies(this.row);
  }

  get bytes(): number {
    return this.table.bytes(this.row);
  }

  get first(): number {
    return this.table.first(this.row);
  }

  get last(): number {
    return this.table.last(this.row);
  }

  get samples(): readonly Sample[] {
    return this.table.samples(this.row);
  }

  get rulings(): JudgedOpener["rulings"] {
    return this.table.answerOf(this.table.answer(this.row)).rulings;
  }

  get changes(): JudgedOpener["changes"] {
    return this.table.answerOf(this.table.answer(this.row)).changes;
  }

  get scanner(): boolean {
    return this.table.isScanner(this.row);
  }
}
