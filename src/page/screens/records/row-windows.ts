import { type Signal, signal } from "@preact/signals";
import { call } from "../../state/engine.js";

/** Rows fetched at once: several screens. */
const BLOCK = 200;

/** Blocks kept; the ones asked for longest ago go. */
const MOST_BLOCKS = 40;

type Cells = readonly (string | null)[];

/** Rows of one selection as they come from the worker: what a table shows is asked for in blocks, once. */
export class RowWindows {
  /** Counts the blocks that came: who reads it is drawn again. */
  readonly arrived: Signal<number> = signal(0);
  private readonly filter: string;
  private readonly columns: readonly string[];
  private readonly blocks = new Map<number, readonly Cells[] | null>();

  constructor(filter: string, columns: readonly string[]) {
    this.filter = filter;
    this.columns = columns;
  }

  /** The cells of a row; `undefined` until they have come. */
  at(row: number): Cells | undefined {
    const number = Math.floor(row / BLOCK);
    const block = this.blocks.get(number);
    if (block === undefined) this.fetch(number);
    return block?.[row - number * BLOCK];
  }

  private fetch(number: number): void {
    this.blocks.set(number, null);
    if (this.blocks.size > MOST_BLOCKS) this.blocks.delete(this.blocks.keys().next().value!);
    call("window", this.filter, number * BLOCK, BLOCK, this.columns).then(
      ({ rows }) => {
        this.blocks.set(number, rows);
        this.arrived.value++;
      },
      // Asked for again when it is looked at again.
      () => this.blocks.delete(number),
    );
  }
}
