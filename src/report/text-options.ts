import type { Paint } from "./paint.js";

/** What a text report needs to know of its target. */
export interface TextOptions {
  /** Characters a line may have. Tables never cut numbers to reach it. */
  readonly width: number;
  readonly paint: Paint;
}
