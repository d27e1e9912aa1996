// A filter over record batches: which rows pass. Works on lists of row numbers, so that a costly test sees only the rows
// that a cheap one before it left.

import type { RecordBatch } from "apache-arrow";
import type { AllOf, AnyOf, Filter, NotOf, Test } from "./filter.js";
import { bindTest, type FilterContext, type RowTest } from "./row-test.js";

/**
 * Writes those of the first `count` row numbers that pass to `out`, in order, and gives their number. `out` may be
 * `rows` itself.
 */
type Step = (rows: Uint32Array, count: number, out: Uint32Array) => number;

/** One node: bound to each batch before its step is asked. */
interface Node {
  readonly bind: (batch: RecordBatch) => void;
  readonly step: Step;
}

export class RecordSelector {
  private readonly root: Node;

  constructor(filter: Filter, context: FilterContext = {}) {
    this.root = nodeOf(filter, context);
  }

  /** Numbers of the rows that pass, in order. Linear in rows times tests; nothing is allocated per row. */
  select(batch: RecordBatch): Uint32Array {
    const count = batch.numRows;
    const rows = new Uint32Array(count);
    for (let row = 0; row < count; row++) rows[row] = row;
    this.root.bind(batch);
    return rows.subarray(0, this.root.step(rows, count, rows));
  }
}

function nodeOf(filter: Filter, context: FilterContext): Node {
  switch (filter.kind) {
    case "all":
      return allNode(filter, context);
    case "any":
      return anyNode(filter, context);
    case "not":
      return notNode(filter, context);
    default:
      return testNode(filter, context);
  }
}

function testNode(test: Test, context: FilterContext): Node {
  const binder = bindTest(test, context);
  let passes: RowTest;
  return {
    bind: (batch) => {
      passes = binder(batch);
    },
    step: (rows, count, out) => {
      let left = 0;
      for (let i = 0; i < count; i++) {
        const row = rows[i]!;
        if (passes(row)) out[left++] = row;
      }
      return left;
    },
  };
}

function allNode({ items }: AllOf, context: FilterContext): Node {
  const nodes = items.map((item) => nodeOf(item, context));
  return {
    bind: (batch) => {
      for (const node of nodes) node.bind(batch);
    },
    step: (rows, count, out) => {
      let left = nodes[0]!.step(rows, count, out);
      for (const node of nodes.slice(1)) left = node.step(out, left, out);
      return left;
    },
  };
}

function anyNode({ items }: AnyOf, context: FilterContext): Node {
  const nodes = items.map((item) => nodeOf(item, context));
  // Scratch, as long as the longest batch: rows no item has passed yet, and which rows passed.
  let open = new Uint32Array(0);
  let passed = new Uint32Array(0);
  let marks = new Uint8Array(0);
  return {
    bind: (batch) => {
      for (const node of nodes) node.bind(batch);
      if (open.length >= batch.numRows) return;
      open = new Uint32Array(batch.numRows);
      passed = new Uint32Array(batch.numRows);
      marks = new Uint8Array(batch.numRows);
    },
    step: (rows, count, out) => {
      open.set(rows.subarray(0, count));
      let waiting = count;
      for (const node of nodes) {
        const found = node.step(open, waiting, passed);
        for (let i = 0; i < found; i++) marks[passed[i]!] = 1;
        waiting = keep(open, waiting, marks, 0);
      }
      out.set(rows.subarray(0, count));
      const left = keep(out, count, marks, 1);
      for (let i = 0; i < left; i++) marks[out[i]!] = 0;
      return left;
    },
  };
}

function notNode({ item }: NotOf, context: FilterContext): Node {
  const node = nodeOf(item, context);
  let passed = new Uint32Array(0);
  let marks = new Uint8Array(0);
  return {
    bind: (batch) => {
      node.bind(batch);
      if (passed.length >= batch.numRows) return;
      passed = new Uint32Array(batch.numRows);
      marks = new Uint8Array(batch.numRows);
    },
    step: (rows, count, out) => {
      const found = node.step(rows.slice(0, count), count, passed);
      for (let i = 0; i < found; i++) marks[passed[i]!] = 1;
      out.set(rows.subarray(0, count));
      const left = keep(out, count, marks, 0);
      for (let i = 0; i < found; i++) marks[passed[i]!] = 0;
      return left;
    },
  };
}

/** Keeps, in place, the rows whose mark has the value; gives their number. */
function keep(rows: Uint32Array, count: number, marks: Uint8Array, value: number): number {
  let left = 0;
  for (let i = 0; i < count; i++) {
    const row = rows[i]!;
    if (marks[row] === value) rows[left++] = row;
  }
  return left;
}
