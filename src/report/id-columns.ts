// Log fields that hold few different words, as dictionaries.

import {
  type Data,
  Dictionary,
  Field,
  Int32,
  makeData,
  makeVector,
  RecordBatch,
  Schema,
  Struct,
  Type,
  Utf8,
  type Vector,
} from "apache-arrow";
import { FlowError } from "../errors.js";
import { FIELDS } from "../logs/index.js";
import { ByteTable } from "../model/byte-table.js";

/** Different values of one column that a dictionary may hold: it stays in memory, here and at every reader. */
const MOST_VALUES = 1 << 20;

/** Text of AWS's catalogue but addresses: ids, names and words. */
const ID_FIELDS: ReadonlySet<string> = new Set(
  FIELDS.filter(({ name }) => !name.endsWith("addr")).map(({ column }) => column),
);

class IdColumn {
  readonly field: Field;
  private readonly type: Dictionary<Utf8, Int32>;
  private readonly table = new ByteTable();
  private dictionary: Vector<Utf8> = makeVector(textData(new ByteTable().since(0)));

  constructor({ name }: Field, id: number) {
    this.type = new Dictionary(new Utf8(), new Int32(), id);
    this.field = new Field(name, this.type, true);
  }

  encode(column: Data): Data {
    const known = this.table.size;
    const data = this.numbers(column);
    if (this.table.size > MOST_VALUES) throw this.tooMany();
    if (this.table.size > known) {
      const added = makeVector(textData(this.table.since(known)));
      this.dictionary = known === 0 ? added : this.dictionary.concat(added);
    }
    const { length, nullBitmap, nullCount } = column;
    const { type, dictionary } = this;
    return makeData({ type, length, nullBitmap, nullCount, data, dictionary });
  }

  private numbers({ length, nullCount, nullBitmap, valueOffsets, values }: Data): Int32Array {
    const ends = valueOffsets as Int32Array;
    const bytes = values as Uint8Array;
    const numbers = new Int32Array(length);
    for (let i = 0; i < length; i++)
      if (nullCount === 0 || ((nullBitmap[i >> 3]! >> (i & 7)) & 1) === 1)
        numbers[i] = this.table.add(bytes, ends[i]!, ends[i + 1]!);
    return numbers;
  }

  private tooMany(): FlowError {
    return new FlowError(
      "records-dictionary",
      `the column ${this.field.name} has more than ${MOST_VALUES} different values`,
      { hint: "write the records as Parquet, CSV or NDJSON" },
    );
  }
}

function textData({ bytes, ends }: ReturnType<ByteTable["since"]>): Data<Utf8> {
  return makeData({
    type: new Utf8(),
    length: ends.length - 1,
    nullCount: 0,
    valueOffsets: ends,
    data: bytes,
  });
}

/** Gives batches of one schema the same columns, ids among them as dictionaries that only grow. */
export class IdColumns {
  readonly schema: Schema;
  private readonly columns: readonly (IdColumn | undefined)[];

  /** `schema`: of the batches, whose dictionaries keep their numbers. */
  constructor(schema: Schema) {
    const taken = schema.fields.flatMap(({ type }) =>
      type instanceof Dictionary ? [type.id] : [],
    );
    let id = Math.max(-1, ...taken);
    this.columns = schema.fields.map((field) =>
      field.typeId === Type.Utf8 && ID_FIELDS.has(field.name)
        ? new IdColumn(field, ++id)
        : undefined,
    );
    this.schema = new Schema(schema.fields.map((field, i) => this.columns[i]?.field ?? field));
  }

  encode(batch: RecordBatch): RecordBatch {
    const children = batch.data.children.map((data, i) => this.columns[i]?.encode(data) ?? data);
    const type = new Struct(this.schema.fields);
    const length = batch.numRows;
    return new RecordBatch(this.schema, makeData({ type, length, nullCount: 0, children }));
  }
}
