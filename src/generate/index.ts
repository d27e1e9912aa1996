// The seeded generator: a made-up account, its flow log, and the truth of every line. Knows no files and no evaluator.
export type { AccountDocument } from "./account-documents.js";
export type { GeneratedChunk } from "./delivery.js";
export { DEFAULT_FIELDS, FIELD_VERSIONS, V2_FIELDS } from "./field-catalogue.js";
export {
  type GeneratedPiece,
  generateFiles,
  type PlannedFile,
  planFiles,
} from "./files.js";
export { type GeneratedAccount, generateAccount } from "./generate-account.js";
export { generateLog } from "./log.js";
export type { AccountOptions, GenerateOptions, TrafficOptions } from "./options.js";
export type { PacketEvent } from "./packet-event.js";
export {
  CAUSES,
  TRAFFIC_KINDS,
  TRUTH_ALLOW,
  TRUTH_CSV_HEADER,
  TRUTH_DENY,
  TRUTH_NONE,
  type TruthColumns,
  truthCsv,
} from "./truth.js";
