// Judged records on their way out: into files that appear whole, devices, pipes, or stdout.

import { FilterFields, parseFilter, RecordSelector, takeRows } from "../../filter/index.js";
import { printable } from "../../model/printable.js";
import { type Write, writeAtomically } from "../../node/index.js";
import { type RecordBatch, type RecordWriter, recordWriter } from "../../report/record-writer.js";
import type { Terminal } from "../terminal.js";
import type { RecordOutput } from "./record-outputs.js";

/** Log text may hold escape sequences: a terminal gets them spelled out, files and pipes get the bytes. */
function forTerminal(data: string | Uint8Array): string {
  const text = typeof data === "string" ? data : new TextDecoder().decode(data);
  return text.split("\n").map(printable).join("\n");
}

/** Calls `produce` with a writer to the target. A file appears under its name only when `produce` is done. */
async function writeTo(
  path: string,
  terminal: Terminal,
  produce: (write: Write) => Promise<void>,
): Promise<void> {
  if (path === "-" && terminal.outIsTty) await produce((data) => terminal.write(forTerminal(data)));
  else await writeAtomically(path, produce);
}

/** What is done with the records of a run. */
export interface RecordsWanted {
  readonly outputs: readonly RecordOutput[];
  /** Records that pass; undefined = all. */
  readonly where?: RecordSelector | undefined;
  /** Told every batch of what passes. */
  readonly counters?: readonly { add(batch: RecordBatch): void }[];
  /** Opens targets that outlive this start of the program, and are put in place by who opens them. */
  readonly openOutput?: (
    path: string,
  ) => Promise<{ readonly write: Write; readonly begun: boolean }>;
}

/** A target that is open, the form it takes and the records that go there. */
interface OpenOutput {
  readonly write: Write;
  readonly writer: RecordWriter;
  readonly selector: RecordSelector | undefined;
  begun: boolean;
}

/**
 * Reads every batch, hands what passes on, and gives what the generator returns. Files appear under their names only when
 * all is written.
 */
export async function passRecords<T>(
  batches: AsyncGenerator<RecordBatch, T, void>,
  { outputs, where, counters = [], openOutput }: RecordsWanted,
  terminal: Terminal,
): Promise<T> {
  let answer: { readonly value: T } | undefined;
  const produce = async (open: readonly OpenOutput[]): Promise<void> => {
    let step = await batches.next();
    while (step.done !== true) {
      const passed = selected(step.value, where);
      for (const counter of counters) counter.add(passed);
      for (const output of open) await writeBatch(output, passed);
      step = await batches.next();
    }
    for (const { write, writer } of open) await write(writer.end());
    answer = step;
  };
  if (openOutput === undefined) await withOutputs(outputs, [], terminal, produce);
  else await produce(await openAll(outputs, openOutput));
  if (answer === undefined) throw new Error("the records were passed on without an answer");
  return answer.value;
}

/** Which rows of a batch go to an output, where not all do. */
function selectorOf({ verdict }: RecordOutput): RecordSelector | undefined {
  if (verdict === undefined) return undefined;
  const { filter } = parseFilter(`verdict = ${verdict}`, new FilterFields());
  return new RecordSelector(filter!);
}

function selected(batch: RecordBatch, selector: RecordSelector | undefined): RecordBatch {
  return selector === undefined ? batch : takeRows(batch, selector.select(batch));
}

/** The first batch goes out even where none of it is selected: it tells the columns. */
async function writeBatch(output: OpenOutput, batch: RecordBatch): Promise<void> {
  const own = selected(batch, output.selector);
  if (own.numRows === 0 && output.begun) return;
  output.begun = true;
  await output.write(output.writer.write(own));
}

async function openAll(
  outputs: readonly RecordOutput[],
  openOutput: NonNullable<RecordsWanted["openOutput"]>,
): Promise<readonly OpenOutput[]> {
  const open: OpenOutput[] = [];
  for (const output of outputs) {
    const { write, begun } = await openOutput(output.path);
    const writer = recordWriter(output.format, begun);
    open.push({ write, writer, selector: selectorOf(output), begun });
  }
  return open;
}

/** Opens one target inside the other, so that each is put in place or taken back by itself. */
async function withOutputs(
  outputs: readonly RecordOutput[],
  open: readonly OpenOutput[],
  terminal: Terminal,
  produce: (open: readonly OpenOutput[]) => Promise<void>,
): Promise<void> {
  const [next, ...rest] = outputs;
  if (next === undefined) return produce(open);
  const writer = recordWriter(next.format);
  await writeTo(next.path, terminal, (write) => {
    const output = { write, writer, selector: selectorOf(next), begun: false };
    return withOutputs(rest, [...open, output], terminal, produce);
  });
}
