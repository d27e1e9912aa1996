// One log in every form that logs come in.
import { gzipSync } from "node:zlib";
import type { LogInput } from "../../src/analysis/index.js";
import { unpackWeb } from "../../src/logs/index.js";
import { arrowOf, type LogTable, parquetOf, textOf } from "./columnar.js";
import { columnarInput } from "./columnar-input.js";
import { OTHER_NODES, zstdOf } from "./zstd.js";

/** Writes a log in a form. */
export type Write = (table: LogTable) => Uint8Array;

/** Rows, with the names in front: `-` and blanks as each form has them. */
function delimited({ names, rows }: LogTable, delimiter: string, quoted: boolean): Uint8Array {
  const cell = (value: string | null): string => (quoted ? `"${value ?? ""}"` : (value ?? ""));
  const lines = [names, ...rows].map((row) => row.map(cell).join(delimiter));
  return encode(`${lines.join("\r\n")}\r\n`);
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function objectsOf({ names, rows }: LogTable): Record<string, string | number | null>[] {
  const value = (cell: string | null): string | number | null =>
    cell !== null && /^(0|[1-9]\d{0,14})$/.test(cell) ? Number(cell) : cell;
  return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, value(row[i]!)])));
}

function messagesOf(table: LogTable): string[] {
  return textOf(table).trimEnd().split("\n");
}

/** What CloudWatch Logs hands to a subscription: gzip of JSON, in base64. */
function envelope(messages: readonly string[]): string {
  const logEvents = messages.map((message, i) => ({ id: String(i), timestamp: 0, message }));
  const body = JSON.stringify({ messageType: "DATA_MESSAGE", logGroup: "g", logEvents });
  return gzipSync(body).toString("base64");
}

/** Forms whose rows are lines of text, or follow a header: rows are numbered from behind it. */
export const TEXT_FORMS: Readonly<Record<string, Write>> = {
  gzip: (table) => gzipSync(textOf(table)),
  "gzip, in two members": (table) => {
    const text = textOf(table);
    return Buffer.concat([gzipSync(text.slice(0, 5_000)), gzipSync(text.slice(5_000))]);
  },
  ...(OTHER_NODES.length === 0
    ? {}
    : { zstd: (table: LogTable) => zstdOf(textOf(table), { checksum: true }) }),
  "CSV as Athena writes it": (table) => delimited(table, ",", true),
  "CSV of a spreadsheet": (table) => delimited(table, ";", false),
  "separated by tabs": (table) => delimited(table, "\t", false),
  "CSV of Logs Insights": (table) =>
    encode(
      `@timestamp,@message\n${messagesOf(table)
        .slice(1)
        .map((line) => `2024-12-14 16:30:50.000,"${line}"`)
        .join("\n")}\n`,
    ),
  "CloudWatch's export, a time in front": (table) => {
    const [header = "", ...lines] = messagesOf(table);
    const timed = lines.map((line) => `2024-12-14T16:30:50.000Z ${line}`);
    return encode(`${header}\n${timed.join("\n")}\n`);
  },
  "messages of get-log-events, the header one of them": (table) =>
    encode(JSON.stringify({ events: messagesOf(table).map((message) => ({ message })) }, null, 2)),
  "Firehose's objects, one a line": (table) =>
    encode(
      messagesOf(table)
        .map((message) => JSON.stringify({ message }))
        .join("\n"),
    ),
  "a subscription's envelopes": (table) => {
    const messages = messagesOf(table);
    const records: object[] = [];
    for (let from = 0; from < messages.length; from += 100)
      records.push({ kinesis: { data: envelope(messages.slice(from, from + 100)) } });
    return encode(JSON.stringify({ Records: records }));
  },
};

/** Forms of JSON whose rows are objects: numbered from 1, as rows of columns are. */
export const OBJECT_FORMS: Readonly<Record<string, Write>> = {
  "JSON objects, one a line": (table) =>
    encode(
      objectsOf(table)
        .map((object) => JSON.stringify(object))
        .join("\n"),
    ),
  "a list of JSON objects": (table) => encode(JSON.stringify(objectsOf(table), null, 1)),
  "a list of JSON objects in gzip": (table) => gzipSync(JSON.stringify(objectsOf(table))),
};

/** Bytes as a log that is unpacked on the way. */
export function packedInput(name: string, bytes: Uint8Array, chunkBytes = 1 << 20): LogInput {
  const input = columnarInput(name, bytes, chunkBytes);
  return { name, open: () => unpackWeb(input.open()) };
}

/** Every columnar form. */
export const COLUMN_FORMS: Readonly<Record<string, Write>> = {
  "an Arrow stream of texts": (table) => arrowOf(table),
  "an Arrow stream of numbers": (table) => arrowOf(table, { typed: true }),
  "an Arrow stream of dictionaries": (table) => arrowOf(table, { typed: true, texts: "coded" }),
  "dictionaries alone": (table) => arrowOf(table, { texts: "coded", batchRows: 97 }),
  "an Arrow stream of large texts": (table) => arrowOf(table, { texts: "large" }),
  // In one batch: the library that writes them loses the texts of later ones.
  "an Arrow stream of views": (table) => arrowOf(table, { texts: "view" }),
  "an Arrow file": (table) => arrowOf(table, { file: true, typed: true, batchRows: 333 }),
  "an Arrow file with times": (table) =>
    arrowOf(table, { file: true, typed: true, times: true, texts: "coded" }),
  "Parquet, as AWS writes it": (table) => parquetOf(table, { typed: true, codec: "GZIP" }),
  "Parquet, the other width": (table) => parquetOf(table, { typed: true, wideProtocol: true }),
  "Parquet, not compressed": (table) => parquetOf(table, { typed: true, codec: "UNCOMPRESSED" }),
  "Parquet, deltas": (table) => parquetOf(table, { typed: true, encoding: "DELTA_BINARY_PACKED" }),
  "Parquet, streams of bytes": (table) =>
    parquetOf(table, { typed: true, encoding: "BYTE_STREAM_SPLIT" }),
  "Parquet, texts and None": (table) => parquetOf(table, { none: true }),
  "Parquet, times": (table) => parquetOf(table, { typed: true, times: true }),
  "Parquet, small pages and groups": (table) =>
    parquetOf(table, { typed: true, pageSize: 300, rowGroupSize: 201 }),
};
