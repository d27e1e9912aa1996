export { type FindLogsOptions, findLogs, type InputNote, type LogFile } from "./find-logs.js";
export { findRuleFiles, type RuleFile } from "./find-rule-files.js";
export { type Readable, type ReadBytesOptions, readBytes } from "./read-bytes.js";
export { readText } from "./read-text.js";
export { type Content, type Write, writeAtomically } from "./write-atomically.js";
export { writeFolder } from "./write-folder.js";
