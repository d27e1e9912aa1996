/** Looks at inputs one record at a time, without the core: for `doctor`, `why` and who shows single records. */
export { doctorFindings, lookAtLogs } from "./doctor.js";
export type {
  DoctorFindings,
  LackingField,
  LogLook,
  LogsFound,
  RulesFound,
} from "./doctor-findings.js";
export { evidenceFor } from "./evidence.js";
export { type LogEntry, logRecords } from "./log-records.js";
export { MAX_EVIDENCE, NearestRecords } from "./nearest-records.js";
export { usableRules } from "./usable-rules.js";
