export { type Column, columnOf, dictionaryTexts, type NumberColumn } from "./columns.js";
export {
  type Completion,
  type Completions,
  completionsAt,
  type KnownValues,
} from "./completions.js";
export type { Filter, FilterFault } from "./filter.js";
export { FILTER_FIELDS, type FieldKind, type FilterField, FilterFields } from "./filter-field.js";
export { unknownField } from "./filter-reader.js";
export { filterError, type ParsedFilter, parseFilter } from "./parse-filter.js";
export { RecordSelector } from "./record-selector.js";
export type { FilterContext, NamedGroup } from "./row-test.js";
export { SelectionCounts, type SelectionTotals } from "./selection-counts.js";
export { servedPorts, sideAddresses } from "./sides.js";
export { takeRows } from "./take-rows.js";
export {
  TopCounter,
  type TopEntry,
  type TopList,
  type TopMeasure,
  type TopWanted,
} from "./top-list.js";
