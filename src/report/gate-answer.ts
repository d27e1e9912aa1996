import type { GateResult } from "../questions/index.js";
import type { Ground } from "./report-ground.js";

/** What a `gate` is made of. */
export interface GateAnswer extends Ground {
  readonly result: GateResult;
}
