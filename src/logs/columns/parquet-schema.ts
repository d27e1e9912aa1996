// What the columns of a Parquet file are, as far as they are read.
import type { FileMetaData, SchemaElement } from "hyparquet";
import type { ColumnOffer } from "./column-use.js";

/** How the values of a column are made of what is stored. */
export interface ParquetKind {
  readonly as: ColumnOffer["as"];
  readonly unsigned: boolean;
  /** Ticks per second of a time; 1 for every other number. */
  readonly unit: number;
  /** Whole numbers in bytes, the highest first. */
  readonly decimal: boolean;
}

/** A column at the top of the schema. */
export interface ParquetLeaf {
  readonly element: SchemaElement;
  readonly kind: ParquetKind;
}

const UNITS = { MILLIS: 1000, MICROS: 1_000_000, NANOS: 1_000_000_000 } as const;

function timeUnit({ logical_type, converted_type }: SchemaElement): number | undefined {
  if (logical_type?.type === "TIMESTAMP") return UNITS[logical_type.unit];
  if (converted_type === "TIMESTAMP_MILLIS") return UNITS.MILLIS;
  return converted_type === "TIMESTAMP_MICROS" ? UNITS.MICROS : undefined;
}

function isUnsigned({ logical_type, converted_type }: SchemaElement): boolean {
  if (logical_type?.type === "INTEGER") return !logical_type.isSigned;
  return converted_type?.startsWith("UINT_") === true;
}

/** Types whose numbers or bytes stand for something that no field of a flow log is. */
function isForeign({ logical_type, converted_type }: SchemaElement): boolean {
  return (
    /^(DATE|TIME|UUID|FLOAT16|BSON|VARIANT|GEOMETRY|GEOGRAPHY)$/.test(logical_type?.type ?? "") ||
    /^(DATE|TIME_MILLIS|TIME_MICROS|BSON|INTERVAL)$/.test(converted_type ?? "")
  );
}

function isDecimal({ logical_type, converted_type }: SchemaElement): boolean {
  return logical_type?.type === "DECIMAL" || converted_type === "DECIMAL";
}

function kindOf(element: SchemaElement): ParquetKind {
  const kind = (as: ColumnOffer["as"], unit = 1): ParquetKind => ({
    as,
    unit,
    unsigned: isUnsigned(element),
    decimal: isDecimal(element),
  });
  const { type, type_length: width, repetition_type, scale = 0 } = element;
  if (repetition_type === "REPEATED" || isForeign(element)) return kind("nothing");
  if (isDecimal(element)) return kind(scale === 0 ? "numbers" : "nothing");
  switch (type) {
    case "INT32":
      return kind(isUnsigned(element) ? "words" : "numbers");
    case "INT64": {
      const unit = timeUnit(element);
      return unit === undefined ? kind("numbers") : kind("times", unit);
    }
    case "INT96":
      return kind("times");
    case "FLOAT":
    case "DOUBLE":
      return kind("numbers");
    case "BYTE_ARRAY":
      return kind("texts");
    case "FIXED_LEN_BYTE_ARRAY":
      return kind(width === 4 || width === 16 ? "addresses" : "nothing");
    default:
      return kind("nothing");
  }
}

/** The columns at the top of the schema; what is nested comes as one that nothing can be made of. */
export function leavesOf({ schema }: FileMetaData): readonly ParquetLeaf[] {
  const leaves: ParquetLeaf[] = [];
  for (let at = 1; at < schema.length; ) {
    const element = schema[at]!;
    leaves.push({ element, kind: kindOf(element) });
    for (let left = 1; left > 0 && at < schema.length; at++)
      left += Math.max(0, schema[at]!.num_children ?? 0) - 1;
  }
  return leaves;
}

/** What can be made of a column. */
export function offerOf({ element, kind }: ParquetLeaf): ColumnOffer {
  const { name, type, logical_type, converted_type } = element;
  const meaning = logical_type?.type ?? converted_type;
  const stored = type ?? "nested";
  return { name, as: kind.as, shown: meaning === undefined ? stored : `${stored} (${meaning})` };
}
