// Logs of text as columnar ones, written by libraries that nobody here wrote.
import { gzipSync } from "node:zlib";
import {
  type DataType,
  Dictionary,
  Int32,
  Int64,
  LargeUtf8,
  RecordBatchFileWriter,
  RecordBatchStreamWriter,
  Table,
  TimestampMillisecond,
  Utf8,
  Utf8View,
  type Vector,
  vectorFromArray,
} from "apache-arrow";
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";

/** A log as a table: `null` where a line has `-`. */
export interface LogTable {
  readonly names: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** The lines of a log with a header; blank ones, and those of another number of tokens, are left out. */
export function tableOf(text: string): LogTable {
  const [header = "", ...lines] = text.split("\n").map((line) => line.replace(/\r$/, ""));
  const names = header.split(/[ \t]+/);
  const cut = lines.map((line) => line.split(/[ \t]+/).filter((token) => token !== ""));
  const rows = cut
    .filter((tokens) => tokens.length === names.length)
    .map((tokens) => tokens.map((token) => (token === "-" ? null : token)));
  return { names, rows };
}

/** The table as the log it was. */
export function textOf({ names, rows }: LogTable): string {
  const lines = rows.map((row) => row.map((cell) => cell ?? "-").join(" "));
  return `${[names.join(" "), ...lines].join("\n")}\n`;
}

/** AWS's types (aws facts 1.1); every other column is text. */
const WIDTHS: Readonly<Record<string, 32 | 64>> = {
  version: 32,
  srcport: 32,
  dstport: 32,
  protocol: 32,
  packets: 64,
  bytes: 64,
  start: 64,
  end: 64,
  "tcp-flags": 32,
  "traffic-path": 32,
  "encryption-status": 32,
};
const RANGES = { 32: 2n ** 31n, 64: 2n ** 63n } as const;

interface Column {
  readonly name: string;
  readonly cells: readonly (string | null)[];
  /** Bits of a number, where every cell is one. */
  readonly width: 32 | 64 | undefined;
  readonly isTime: boolean;
}

function columnsOf({ names, rows }: LogTable): Column[] {
  return names.map((name, i) => {
    const cells = rows.map((row) => row[i] ?? null);
    const width = WIDTHS[name];
    const fits = cells.every(
      (cell) =>
        cell === null ||
        // Leading zeros are lost in a number.
        (/^(0|[1-9]\d*)$/.test(cell) && BigInt(cell) < RANGES[width ?? 32]),
    );
    return {
      name: name.replaceAll("-", "_"),
      cells,
      width: fits ? width : undefined,
      isTime: name === "start" || name === "end",
    };
  });
}

export interface ArrowForm {
  readonly file?: boolean;
  /** Numbers as AWS's types, else as text. */
  readonly typed?: boolean;
  readonly texts?: "utf8" | "large" | "view" | "coded";
  readonly times?: boolean;
  /** Rows of a batch. */
  readonly batchRows?: number;
}

function arrowVector(column: Column, form: ArrowForm): Vector {
  const { cells, width, isTime } = column;
  if (form.typed === true && width !== undefined) {
    if (isTime && form.times === true)
      return vectorFromArray(
        cells.map((cell) => (cell === null ? null : Number(cell) * 1000)),
        new TimestampMillisecond(),
      );
    return width === 64
      ? vectorFromArray(
          cells.map((cell) => (cell === null ? null : BigInt(cell))),
          new Int64(),
        )
      : vectorFromArray(
          cells.map((cell) => (cell === null ? null : Number(cell))),
          new Int32(),
        );
  }
  const types: Readonly<Record<string, () => DataType>> = {
    large: () => new LargeUtf8(),
    view: () => new Utf8View(),
    coded: () => new Dictionary(new Utf8(), new Int32()),
  };
  return vectorFromArray(cells, types[form.texts ?? "utf8"]?.() ?? new Utf8());
}

/** The log as Arrow IPC. */
export function arrowOf(table: LogTable, form: ArrowForm = {}): Uint8Array {
  const columns = columnsOf(table).map((column) => [column.name, arrowVector(column, form)]);
  const whole = new Table(Object.fromEntries(columns) as Record<string, Vector>);
  const writer = form.file === true ? new RecordBatchFileWriter() : new RecordBatchStreamWriter();
  const step = form.batchRows ?? Math.max(1, table.rows.length);
  for (let at = 0; at < Math.max(1, whole.numRows); at += step)
    for (const batch of whole.slice(at, at + step).batches) writer.write(batch);
  writer.finish();
  return writer.toUint8Array(true);
}

export interface ParquetForm {
  readonly codec?: "UNCOMPRESSED" | "SNAPPY" | "GZIP";
  readonly typed?: boolean;
  /** The other width of `protocol` (aws facts 1.3). */
  readonly wideProtocol?: boolean;
  readonly times?: boolean;
  /** `None` for what is missing, as Python writes it. */
  readonly none?: boolean;
  readonly encoding?: ColumnSource["encoding"];
  readonly rowGroupSize?: number;
  readonly pageSize?: number;
}

function parquetColumn(column: Column, form: ParquetForm): ColumnSource {
  const { name, cells, width, isTime } = column;
  if (form.typed !== true || width === undefined) {
    const data = form.none === true ? cells.map((cell) => cell ?? "None") : [...cells];
    return { name, data, type: "STRING" };
  }
  if (isTime && form.times === true) {
    const data = cells.map((cell) => (cell === null ? null : new Date(Number(cell) * 1000)));
    return { name, data, type: "TIMESTAMP" };
  }
  const wide = width === 64 || (name === "protocol" && form.wideProtocol === true);
  const encoding = form.encoding === undefined ? {} : { encoding: form.encoding };
  if (wide)
    return {
      name,
      data: cells.map((cell) => (cell === null ? null : BigInt(cell))),
      type: "INT64",
      ...encoding,
    };
  return {
    name,
    data: cells.map((cell) => (cell === null ? null : Number(cell))),
    type: "INT32",
    ...encoding,
  };
}

/** The log as Parquet. */
export function parquetOf(table: LogTable, form: ParquetForm = {}): Uint8Array {
  const { rowGroupSize, pageSize, codec = "SNAPPY" } = form;
  const buffer = parquetWriteBuffer({
    columnData: columnsOf(table).map((column) => parquetColumn(column, form)),
    codec,
    compressors: { GZIP: (bytes) => gzipSync(bytes) },
    ...(rowGroupSize === undefined ? {} : { rowGroupSize }),
    ...(pageSize === undefined ? {} : { pageSize }),
  });
  return new Uint8Array(buffer);
}
