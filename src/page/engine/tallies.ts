// What is counted of every judged record, also where it is not kept.

import type { RecordBatch } from "apache-arrow";
import { columnOf } from "../../filter/index.js";
import type { CalendarTold, SeriesTold } from "../protocol.js";
import { type CalendarCounts, FaceCalendar } from "./face-calendar.js";
import { TimeIndex } from "./time-index.js";

/** Can be cloned. */
export interface TallyCounts {
  readonly rows: number;
  readonly traffic: number;
  readonly series: SeriesTold;
  readonly calendar: CalendarCounts;
}

export class Tallies {
  private readonly index = new TimeIndex();
  private readonly days = new FaceCalendar();
  rows = 0;
  /** Bytes that the records tell. */
  traffic = 0;

  add(batch: RecordBatch): void {
    this.rows += batch.numRows;
    this.index.add(batch);
    this.days.add(batch);
    const sizes = columnOf(batch, "bytes");
    if (sizes?.kind !== "number") return;
    for (let row = 0; row < batch.numRows; row++)
      if (sizes.present(row)) this.traffic += sizes.at(row);
  }

  get counts(): TallyCounts {
    const { rows, traffic } = this;
    return { rows, traffic, series: this.index.told(), calendar: this.days.counts };
  }

  /** Takes in what another one counted. */
  join({ rows, traffic, series, calendar }: TallyCounts): void {
    this.rows += rows;
    this.traffic += traffic;
    this.index.join(series);
    this.days.join(calendar);
  }

  /** Over time. */
  series(): SeriesTold {
    return this.index.told();
  }

  /** When each interface has records. */
  calendar(): CalendarTold {
    return this.days.told();
  }
}
