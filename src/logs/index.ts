export { type BlobLog, blobLog } from "./blob-source.js";
export type { LogColumn, LogTexts } from "./columns/log-columns.js";
export type { ByteRanges } from "./columns/recognise-columns.js";
export { rowLines } from "./columns/row-lines.js";
export {
  type FieldList,
  isTransitGatewayField,
  parseFieldList,
  parseHeaderLine,
} from "./field-list.js";
export { FIELDS, type Field, type FieldType, fieldByName, V2_FIELDS } from "./fields.js";
export { fileTime, spanOfName } from "./file-time.js";
export { isGzip, logBroken, refuseBomb } from "./gzip-limits.js";
export type {
  FormatPart,
  FormatSource,
  LogPart,
  NoteCode,
  NotePart,
  RowsPart,
  TextPart,
} from "./log-part.js";
export {
  isOtherPartition,
  partitionsOf,
  refuseUnknownPartitions,
  type WantedPartitions,
} from "./partitions.js";
export { type ReadLogOptions, readLog } from "./read-log.js";
export { inReadingOrder, isDoubtfulFile, isOtherFile, type NamedLog } from "./reading-order.js";
export { transitGatewayRefusal } from "./refusal.js";
export { unpackWeb } from "./unpack-web.js";
export { Unzstd, unzstd } from "./unzstd.js";
export { isZstd, ZSTD_MAGIC_BYTES, ZstdFrames } from "./zstd-frames.js";
