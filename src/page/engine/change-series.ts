// Records over time by what a candidate does to their connections: a record is that of the row of openers with its
// interface, direction, protocol, remote address and served port, whose opening every rule judges alike.

import type { RecordBatch } from "apache-arrow";
import { columnOf, dictionaryTexts, servedPorts, sideAddresses } from "../../filter/index.js";
import { formatAddress } from "../../model/address.js";
import type { JudgedOpener } from "../../model/opener.js";
import { CHANGE_CELLS, type ChangeSeriesTold } from "../protocol.js";
import { TimeBuckets } from "./time-buckets.js";

const MOST_BUCKETS = 256;
const decoder = new TextDecoder();

/** `openers`: the rows that the candidate changes. */
export function changeSeries(
  batches: Iterable<RecordBatch>,
  openers: Iterable<JudgedOpener>,
): ChangeSeriesTold {
  const changes = new Map<string, number>();
  for (const row of openers) {
    const cell = CHANGE_CELLS.indexOf(row.changes[0]!.change);
    if (cell >= 0) changes.set(keyOf(row), cell);
  }
  const buckets = new TimeBuckets<Float64Array>(
    MOST_BUCKETS,
    () => new Float64Array(CHANGE_CELLS.length),
    (into, other) => {
      for (let i = 0; i < into.length; i++) into[i]! += other[i]!;
    },
  );
  for (const batch of batches) {
    const starts = columnOf(batch, "start");
    if (starts?.kind !== "number") continue;
    const key = keysOf(batch);
    for (let row = 0; row < batch.numRows; row++) {
      if (!starts.present(row)) continue;
      const cell = changes.get(key(row));
      const bucket = buckets.at(starts.at(row));
      if (cell !== undefined) bucket[cell]!++;
    }
  }
  const sorted = buckets.sorted();
  return {
    width: buckets.width,
    starts: sorted.map(([start]) => start),
    counts: CHANGE_CELLS.map((_, cell) => sorted.map(([, bucket]) => bucket[cell]!)),
  };
}

function keyOf({ interfaceId, direction, protocol, remote, port }: JudgedOpener): string {
  return `${interfaceId} ${direction ?? ""} ${protocol} ${formatAddress(remote)} ${port ?? -1}`;
}

/** The key of a row's connection; "" where its end or its opener is not known. */
function keysOf(batch: RecordBatch): (row: number) => string {
  const ids = columnOf(batch, "interface_id");
  const protocols = columnOf(batch, "protocol");
  const openers = columnOf(batch, "opener");
  const remotes = sideAddresses(batch, "remote");
  const ports = servedPorts(batch);
  if (ids?.kind !== "text" || protocols?.kind !== "number" || openers?.kind !== "dictionary")
    return () => "";
  const openerWords = dictionaryTexts(openers.dictionary);
  const text = ({ bytes, ends }: { bytes: Uint8Array; ends: Int32Array }, row: number): string =>
    decoder.decode(bytes.subarray(ends[row]!, ends[row + 1]!));
  return (row) => {
    const remote = remotes(row);
    if (remote === undefined || !ids.present(row) || !protocols.present(row)) return "";
    const opener = openerWords[openers.codes[row]!]!;
    const direction = DIRECTIONS[opener] ?? "";
    return `${text(ids, row)} ${direction} ${protocols.at(row)} ${text(remote, row)} ${ports(row)}`;
  };
}

/** What the opener's side makes the direction of the opening at the interface. */
const DIRECTIONS: Readonly<Record<string, string>> = { remote: "ingress", local: "egress" };
