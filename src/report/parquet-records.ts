// Judged records as Parquet.

import type { RecordBatch } from "apache-arrow";
import type { RowGroup, SchemaElement } from "hyparquet";
import { ByteWriter } from "hyparquet-writer";
import { writeMetadata } from "hyparquet-writer/src/metadata.js";
import { BatchJoiner } from "./batch-joiner.js";
import { joinBytes } from "./join-bytes.js";
import { parquetChunk, parquetElement } from "./parquet-column.js";
import type { RecordWriter } from "./record-writer.js";
import { TOOL } from "./tool.js";

/** Rows of one row group: what a reader may skip or read alone. */
const ROWS = 131_072;
const MAGIC: Uint8Array = Uint8Array.of(0x50, 0x41, 0x52, 0x31);

/** Row groups as they fill, pages compressed by snappy, the footer at the end. */
export class ParquetRecords implements RecordWriter {
  private readonly joiner = new BatchJoiner(ROWS);
  private schema: readonly SchemaElement[] = [];
  private readonly groups: RowGroup[] = [];
  private rows = 0;
  private offset = 0;

  write(batch: RecordBatch): Uint8Array {
    const pieces: Uint8Array[] = [];
    if (this.offset === 0) {
      this.schema = batch.schema.fields.map(({ name, type, nullable }) =>
        parquetElement(name, type, nullable),
      );
      this.offset = MAGIC.length;
      pieces.push(MAGIC);
    }
    const joined = this.joiner.add(batch);
    if (joined !== undefined) pieces.push(...this.group(joined));
    return joinBytes(pieces);
  }

  end(): Uint8Array {
    const rest = this.joiner.rest();
    const pieces = rest === undefined || rest.numRows === 0 ? [] : this.group(rest);
    return joinBytes([...pieces, this.footer(), MAGIC]);
  }

  private group(batch: RecordBatch): Uint8Array[] {
    const begin = this.offset;
    const chunks = this.schema.map((element, i) => {
      const chunk = parquetChunk(element, batch.data.children[i]!, this.offset);
      this.offset += chunk.bytes.length;
      return chunk;
    });
    this.rows += batch.numRows;
    this.groups.push({
      columns: chunks.map(({ metadata }) => ({
        file_offset: metadata.dictionary_page_offset ?? metadata.data_page_offset,
        meta_data: metadata,
      })),
      total_byte_size: chunks.reduce(
        (sum, { metadata }) => sum + metadata.total_uncompressed_size,
        0n,
      ),
      num_rows: BigInt(batch.numRows),
      file_offset: BigInt(begin),
      total_compressed_size: BigInt(this.offset - begin),
    });
    return chunks.map(({ bytes }) => bytes);
  }

  private footer(): Uint8Array {
    const out = new ByteWriter();
    const root: SchemaElement = { name: "records", num_children: this.schema.length };
    writeMetadata(out, {
      version: 2,
      created_by: `${TOOL.name} version ${TOOL.version}`,
      schema: [root, ...this.schema],
      num_rows: BigInt(this.rows),
      row_groups: this.groups,
      // Written behind the metadata, not inside.
      metadata_length: 0,
    });
    return out.getBytes();
  }
}
