export {
  type Completion,
  type Completions,
  completionsAt,
  type KnownValues,
} from "./completions.js";
export type { Filter, FilterFault } from "./filter.js";
export { FILTER_FIELDS, type FieldKind, type FilterField, FilterFields } from "./filter-field.js";
export { filterError, type ParsedFilter, parseFilter } from "./parse-filter.js";
export { RecordSelector } from "./record-selector.js";
export type { FilterContext } from "./row-test.js";
export { takeRows } from "./take-rows.js";
