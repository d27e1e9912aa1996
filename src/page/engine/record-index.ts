// Which connections the records held are of, and when they began: looked up once, so that every candidate can be counted
// over time by numbers alone.

import type { RecordBatch } from "apache-arrow";
import { columnOf, dictionaryTexts, servedPorts, sideAddresses } from "../../filter/index.js";
import { formatAddress } from "../../model/address.js";
import { ByteTable } from "../../model/byte-table.js";
import type { JudgedOpener } from "../../model/opener.js";
import { TimeBuckets } from "./time-buckets.js";

const MOST_BUCKETS = 256;

/** No connection, or no time. */
const NONE = 0xffff_ffff;
const NO_BUCKET = 0xffff;

/** Ids, addresses and a few numbers: longer ones are cut, and are then of no row. */
const MOST_KEY = 512;

const WAYS: readonly string[] = ["", "ingress", "egress"];
/** What the opener's side makes the direction of the opening at the interface, as a number of WAYS. */
const WAY_OF_OPENER: Readonly<Record<string, number>> = { remote: 1, local: 2 };

/** Memory: six bytes a record, and the bytes of every key once. */
export class RecordIndex {
  private readonly keys = new ByteTable();
  private readonly key = new KeyBytes();
  /** By record. */
  readonly connections: Uint32Array;
  /** By record, numbers of `starts`. */
  readonly buckets: Uint16Array;
  /** Seconds. */
  readonly width: number;
  /** Of each bucket that holds a record, Unix seconds, in order. */
  readonly starts: readonly number[];

  /** `rows`: of all batches. */
  constructor(batches: () => Iterable<RecordBatch>, rows: number) {
    const times = new TimeBuckets<null>(
      MOST_BUCKETS,
      () => null,
      () => {},
    );
    for (const batch of batches())
      eachStart(batch, (_, start) => {
        times.at(start);
      });
    this.width = times.width;
    this.starts = times.sorted().map(([start]) => start);
    const numbers = new Map(this.starts.map((start, i) => [start, i]));
    this.connections = new Uint32Array(rows).fill(NONE);
    this.buckets = new Uint16Array(rows).fill(NO_BUCKET);
    let before = 0;
    for (const batch of batches()) {
      eachStart(batch, (row, start) => {
        this.buckets[before + row] = numbers.get(start - (start % this.width))!;
      });
      this.addKeys(batch, before);
      before += batch.numRows;
    }
  }

  /** How many connections are told apart. */
  get size(): number {
    return this.keys.size;
  }

  /** The number of a row's connections among the records; -1 where no record is theirs. */
  find({ interfaceId, direction, protocol, remote, port }: JudgedOpener): number {
    const { key } = this;
    key.begin(WAYS.indexOf(direction ?? ""), protocol, port ?? -1);
    key.addText(interfaceId);
    key.addText(formatAddress(remote));
    return this.keys.find(key.bytes, 0, key.length);
  }

  private addKeys(batch: RecordBatch, before: number): void {
    const ids = columnOf(batch, "interface_id");
    const protocols = columnOf(batch, "protocol");
    const openers = columnOf(batch, "opener");
    if (ids?.kind !== "text" || protocols?.kind !== "number" || openers?.kind !== "dictionary")
      return;
    const remotes = sideAddresses(batch, "remote");
    const ports = servedPorts(batch);
    const ways = dictionaryTexts(openers.dictionary).map((word) => WAY_OF_OPENER[word] ?? 0);
    const { key } = this;
    for (let row = 0; row < batch.numRows; row++) {
      const remote = remotes(row);
      if (remote === undefined || !ids.present(row) || !protocols.present(row)) continue;
      key.begin(ways[openers.codes[row]!]!, protocols.at(row), ports(row));
      key.add(ids.bytes, ids.ends[row]!, ids.ends[row + 1]!);
      key.add(remote.bytes, remote.ends[row]!, remote.ends[row + 1]!);
      this.connections[before + row] = this.keys.add(key.bytes, 0, key.length);
    }
  }
}

function eachStart(batch: RecordBatch, take: (row: number, start: number) => void): void {
  const starts = columnOf(batch, "start");
  if (starts?.kind !== "number") return;
  for (let row = 0; row < batch.numRows; row++) if (starts.present(row)) take(row, starts.at(row));
}

/** One key after the other in the same memory. */
class KeyBytes {
  readonly bytes = new Uint8Array(MOST_KEY);
  length = 0;
  private readonly encoder = new TextEncoder();

  begin(way: number, protocol: number, port: number): void {
    const { bytes } = this;
    bytes[0] = way;
    bytes[1] = protocol;
    // -1 = none.
    bytes[2] = port >= 0 ? 1 : 0;
    bytes[3] = port >> 8;
    bytes[4] = port;
    this.length = 5;
  }

  add(source: Uint8Array, from: number, to: number): void {
    const { bytes } = this;
    for (let at = from; at < to && this.length < MOST_KEY; at++) bytes[this.length++] = source[at]!;
    this.end();
  }

  addText(text: string): void {
    this.length += this.encoder.encodeInto(text, this.bytes.subarray(this.length)).written;
    this.end();
  }

  /** No text of a log holds a zero. */
  private end(): void {
    if (this.length < MOST_KEY) this.bytes[this.length++] = 0;
  }
}
