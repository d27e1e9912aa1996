// The core's decoder alone over a version 2 log that lies in memory, every check in; prints what bench/native/decode.c
// prints: records, sums over the columns, and the seconds of the fastest pass.
//   node bench/kernels/decode.mjs PASSES LOG

import { readFileSync } from "node:fs";
import * as c from "../../dist/src/contract.js";
import { moduleOf } from "../lib/module.mjs";

const CHUNK = 1 << 20;
const LINE_END = 10;
const FIELDS = [
  c.FIELD_VERSION,
  c.FIELD_OTHER,
  c.FIELD_INTERFACE_ID,
  c.FIELD_SRCADDR,
  c.FIELD_DSTADDR,
  c.FIELD_SRCPORT,
  c.FIELD_DSTPORT,
  c.FIELD_PROTOCOL,
  c.FIELD_PACKETS,
  c.FIELD_BYTES,
  c.FIELD_START,
  c.FIELD_END,
  c.FIELD_ACTION,
  c.FIELD_LOG_STATUS,
];

const [passes, log] = process.argv.slice(2);
const file = readFileSync(log);
const text = file.subarray(file.indexOf(LINE_END) + 1);
const core = moduleOf("decode-entry.ts");
if (!core.start()) throw new Error("out of memory");
const plan = core.planCreate(FIELDS.length);
const at = core.reserve(text.length + 2 * c.BLOCK_PADDING) + c.BLOCK_PADDING;
const bytes = new Uint8Array(core.memory.buffer);
bytes.set(text, at);
bytes.set(FIELDS, core.planFields(plan));

/** Ends of the stretches, each at a line's end. */
const ends = [];
for (let from = 0; from < text.length; from = ends.at(-1))
  ends.push(
    from + CHUNK < text.length ? text.lastIndexOf(LINE_END, from + CHUNK) + 1 : text.length,
  );

function pass(take) {
  let records = 0;
  core.decodeBegin(2);
  let from = 0;
  for (const end of ends) {
    core.decodeChunk(at + from, end - from, true);
    for (;;) {
      const rows = core.decode(plan, 0, c.BATCH_ROWS, true);
      records += rows;
      take?.(rows);
      const status = core.decodeStatus();
      if (status === c.STATUS_DONE) break;
      if (status === c.STATUS_RESERVE) core.interfacesReserve(c.BATCH_ROWS);
      else if (status !== c.STATUS_MORE) throw new Error(`the decoder stopped with ${status}`);
    }
    from = end;
  }
  return records;
}

let seconds = Number.POSITIVE_INFINITY;
for (let round = Number(passes); round > 0; round--) {
  const begun = process.hrtime.bigint();
  pass();
  seconds = Math.min(seconds, Number(process.hrtime.bigint() - begun) / 1e9);
}
const sums = { bytes: 0, packets: 0, ports: 0, start: 0 };
const columns = core.columns.value;
const view = new DataView(core.memory.buffer);
const records = pass((rows) => {
  for (let row = 0; row < rows; row++) {
    sums.start += view.getUint32(columns + c.COL_START + row * 4, true);
    // Windows without data have no more: what stands in their columns is of the batch before.
    if (view.getUint8(columns + c.COL_STATUS + row) !== c.STATUS_OK) continue;
    sums.bytes += Number(view.getBigUint64(columns + c.COL_BYTES + row * 8, true));
    sums.packets += Number(view.getBigUint64(columns + c.COL_PACKETS + row * 8, true));
    sums.ports +=
      view.getUint16(columns + c.COL_SRCPORT + row * 2, true) +
      view.getUint16(columns + c.COL_DSTPORT + row * 2, true);
  }
});
console.log(JSON.stringify({ records, ...sums, seconds }));
