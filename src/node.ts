/** The library for Node: everything of index.ts, and files. */
export * from "./index.js";
export { coreModule } from "./node/core-module.js";
export { findLogs, type LogFile, readBytes } from "./node/index.js";
