/** The one import that crosses the language border: what the core and TypeScript agree on. */
export * from "../assembly/shared/codes.js";
export * from "../assembly/shared/fields.js";
export * from "../assembly/shared/image.js";
export * from "../assembly/shared/layout.js";
