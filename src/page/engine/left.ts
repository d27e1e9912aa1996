import type { StoredRows } from "../../analysis/index.js";
import type { Summary } from "../../analysis/summary.js";
import type { OpenerRows } from "../../model/opener-table.js";
import type { LoadedRules, RuleDocument } from "../../rules/index.js";
import type { CalendarTold, SeriesTold } from "../protocol.js";
import type { RulesOverTime } from "./dated-rules.js";
import type { Totals } from "./impact.js";
import type { RecordStore } from "./record-store.js";

/** What a reading left, or a session that was loaded: all that questions are answered from. */
export interface Left {
  readonly core: WebAssembly.Module;
  /** The rules that hold last, and all with their times. */
  readonly loaded: LoadedRules;
  readonly periods: RulesOverTime["periods"];
  readonly documents: readonly RuleDocument[];
  readonly summary: Summary;
  readonly rows: StoredRows;
  readonly totals: Totals;
  /** The rows with what the rules that hold say of them. */
  judged(): Promise<OpenerRows>;
  readonly store: RecordStore;
  readonly series: SeriesTold;
  readonly calendar: CalendarTold;
}
