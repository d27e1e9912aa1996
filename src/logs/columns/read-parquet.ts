// Parquet: the directory at the end of the file, then its row groups in turn, each column page by page.
import type { FileMetaData, RowGroup } from "hyparquet";
import { refuseBomb } from "../gzip-limits.js";
import type { LogPart } from "../log-part.js";
import type { ReadLogOptions } from "../read-log.js";
import { columnsBroken } from "./broken.js";
import { ByteQueue } from "./byte-queue.js";
import { columnParts, isAddressField, type UsedColumn, useColumns } from "./column-use.js";
import { cutParts, type LogColumn, PART_ROWS } from "./log-columns.js";
import { openRanges } from "./open-ranges.js";
import { ParquetColumn } from "./parquet-column.js";
import { leavesOf, offerOf, type ParquetLeaf } from "./parquet-schema.js";
import { readFooter } from "./parquet-thrift.js";
import type { ByteRanges } from "./recognise-columns.js";

/** Bytes of text that a row stands for at least, to tell how much a file claims to hold. */
const ROW_TEXT_BYTES = 32;

/** A file under way. */
interface Reading {
  readonly ranges: ByteRanges;
  leaves: readonly ParquetLeaf[];
  used: readonly UsedColumn[];
  rows: number;
  group: number;
}

/** The columns of a row group that are wanted, by their number among the used ones. */
function columnsOf(
  { ranges, leaves, used }: Reading,
  group: RowGroup,
): (ParquetColumn | undefined)[] {
  const rows = Number(group.num_rows);
  return used.map(({ index, field, wanted }) => {
    if (!wanted) return undefined;
    const leaf = leaves[index]!;
    const chunk = group.columns.find(({ meta_data }) => {
      const path = meta_data?.path_in_schema;
      return path?.length === 1 && path[0] === leaf.element.name;
    });
    if (chunk === undefined) throw new RangeError(`column "${leaf.element.name}" is missing`);
    return new ParquetColumn(leaf, chunk, ranges, rows, isAddressField(field));
  });
}

async function* readGroup(reading: Reading, group: RowGroup): AsyncGenerator<LogPart> {
  const columns = columnsOf(reading, group);
  const total = Number(group.num_rows);
  for (let done = 0; done < total; ) {
    let rows = Math.min(PART_ROWS, total - done);
    // One after the other: their pages are to be read in turn, not all at once.
    for (const column of columns)
      if (column !== undefined) rows = Math.min(rows, await column.available());
    const made = columns.map((column): LogColumn => column?.read(rows) ?? { kind: "none" });
    for (const part of cutParts(made, rows)) {
      yield { kind: "rows", ...part, line: reading.rows + 1 };
      reading.rows += part.rows;
    }
    done += rows;
  }
}

/** Throws for a directory that promises rows which nothing of the file's size can hold. */
function refuseRows(name: string, { row_groups }: FileMetaData, size: number): void {
  let rows = 0;
  for (const { num_rows } of row_groups) {
    if (num_rows < 0n || num_rows > BigInt(Number.MAX_SAFE_INTEGER))
      throw new RangeError(`a row group of ${num_rows} rows`);
    rows += Number(num_rows);
  }
  refuseBomb(name, size, rows * ROW_TEXT_BYTES);
}

async function* readFile(
  name: string,
  ranges: ByteRanges,
  options: ReadLogOptions,
): AsyncGenerator<LogPart> {
  const reading: Reading = { ranges, leaves: [], used: [], rows: 0, group: 0 };
  try {
    const metadata = await readFooter(ranges);
    reading.leaves = leavesOf(metadata);
    const offers = reading.leaves.map(offerOf);
    const { used, notes } = useColumns(name, "a Parquet file", offers, options);
    refuseRows(name, metadata, ranges.size);
    reading.used = used;
    yield* columnParts("parquet", used, notes, options.fields);
    for (const group of metadata.row_groups) {
      reading.group++;
      yield* readGroup(reading, group);
    }
  } catch (error) {
    throw columnsBroken(name, error, `row group ${reading.group}`, reading.rows);
  }
}

/**
 * Reads Parquet: a format part, then the rows in parts, with notes between. Only wanted columns are read. Throws what
 * useColumns does before any part, `log-refused` for a source that cannot be read by place and holds too much, `log-bomb`,
 * and `log-broken` after all rows before a break. Memory: a page and a dictionary for every wanted column.
 */
export async function* readParquet(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  options: ReadLogOptions,
): AsyncGenerator<LogPart> {
  const ranges = await openRanges(
    name,
    "parquet",
    new ByteQueue(chunks[Symbol.asyncIterator]()),
    options,
  );
  try {
    yield* readFile(name, ranges, options);
  } finally {
    await ranges.close();
  }
}
