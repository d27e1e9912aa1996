/** Logs and rules with mapped addresses, ids and account numbers. */
export { type AnonymousLog, anonymousLog } from "./anonymous-log.js";
export { anonymousRules } from "./anonymous-rules.js";
export { Mapping } from "./mapping.js";
export { KEY_BYTES } from "./prefix-map.js";
