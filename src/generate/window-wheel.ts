// Which connection acts in which capture window: lists threaded through the rows, one per window ahead.
import { type ConnectionTable, DUE, NEXT } from "./connection-table.js";
import type { Random } from "./random.js";

const SPOKES = 4096;

export class WindowWheel {
  readonly #table: ConnectionTable;
  readonly #windowTicks: number;
  /** Row + 1 of the first of each list. */
  readonly #heads = new Int32Array(SPOKES);
  #due = new Int32Array(1024);

  constructor(table: ConnectionTable, windowTicks: number) {
    this.#table = table;
    this.#windowTicks = windowTicks;
  }

  /** Files the row under the window of its DUE. */
  add(row: number): void {
    const { rows } = this.#table;
    const spoke = Math.floor(rows[row + DUE]! / this.#windowTicks) & (SPOKES - 1);
    rows[row + NEXT] = this.#heads[spoke]! - 1;
    this.#heads[spoke] = row + 1;
  }

  /**
   * Takes out the rows that act in the window, in random order; those a whole turn of the wheel later stay. The array
   * is the wheel's own: valid until the next call.
   */
  take(window: number, random: Random): Int32Array {
    const { rows } = this.#table;
    const spoke = window & (SPOKES - 1);
    let row = this.#heads[spoke]! - 1;
    this.#heads[spoke] = 0;
    let count = 0;
    while (row >= 0) {
      const next = rows[row + NEXT]!;
      if (Math.floor(rows[row + DUE]! / this.#windowTicks) > window) this.add(row);
      else {
        if (count === this.#due.length) {
          const larger = new Int32Array(2 * count);
          larger.set(this.#due);
          this.#due = larger;
        }
        this.#due[count++] = row;
      }
      row = next;
    }
    for (let i = count - 1; i > 0; i--) {
      const j = random.below(i + 1);
      const swap = this.#due[i]!;
      this.#due[i] = this.#due[j]!;
      this.#due[j] = swap;
    }
    return this.#due.subarray(0, count);
  }
}
