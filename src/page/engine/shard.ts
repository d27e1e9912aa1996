import { type JudgedAndSummarized, shardRows } from "../../analysis/index.js";
import { buffersOf, PieceMaker, type RecordPiece } from "../../analysis/record-piece.js";
import { errorParts } from "../../errors.js";
import type { JudgedOpener } from "../../model/opener.js";
import { plainOpener } from "../../model/opener-table.js";
import { faultOf } from "./fault.js";
import { ownCore } from "./own-core.js";
import { Pass, type PassOrder } from "./pass.js";
import type { ShardMessage, ShardRequest } from "./shard-protocol.js";
import { Tallies } from "./tallies.js";

/** Rows that are cloned at once: half a kilobyte each on either side. */
const ROWS_AT_ONCE = 20_000;

/** `reached` is told at most once in so many records: it lets records out that wait for this shard. */
const REACH_RECORDS = 16_384;

/** One of several workers of a reading: judges its share of the interfaces, and keeps its core for what is asked later. */
export class Shard {
  private readonly send: (message: ShardMessage, handOver?: readonly ArrayBuffer[]) => void;
  private readonly close: () => void;
  private readonly tallies = new Tallies();
  private readonly maker = new PieceMaker();
  private pass: Pass | undefined;
  private end: JudgedAndSummarized | undefined;
  private keeps = true;
  private reached = 0;

  constructor(send: Shard["send"], close: () => void) {
    this.send = send;
    this.close = close;
  }

  async serve(request: ShardRequest): Promise<void> {
    try {
      if (request.kind === "read") await this.read(request.order);
      else if (request.kind === "judged") this.tellJudged();
      else if (request.kind === "enough") this.keeps = false;
      else if (request.kind === "end") this.close();
      else this.pass?.[request.kind]();
    } catch (error) {
      this.send({ kind: "refused", error: errorParts(faultOf(error)) });
    }
  }

  private async read(order: PassOrder): Promise<void> {
    this.pass = new Pass(order, {
      take: (batch, place) => {
        this.tallies.add(batch);
        if (this.keeps) this.hand(this.maker.piece(batch, place));
      },
      reach: (records) => {
        if (!this.keeps || records < this.reached + REACH_RECORDS) return;
        this.reached = records;
        this.send({ kind: "reached", records });
      },
      report: (progress) => this.send({ kind: "progress", progress }),
    });
    this.end = await this.pass.run(await ownCore());
    const rows = await shardRows(this.end.openers);
    const left = { summary: this.end.summary, rows, tallies: this.tallies.counts };
    const buffers = [...rows.rows, ...rows.borders].map(({ buffer }) => buffer as ArrayBuffer);
    this.send({ kind: "left", left }, buffers);
  }

  private hand(piece: RecordPiece): void {
    this.send({ kind: "piece", piece }, buffersOf(piece));
  }

  private tellJudged(): void {
    let openers: JudgedOpener[] = [];
    for (const row of this.end?.judged() ?? []) {
      openers.push(plainOpener(row));
      if (openers.length < ROWS_AT_ONCE) continue;
      this.send({ kind: "judged", openers, last: false });
      openers = [];
    }
    this.send({ kind: "judged", openers, last: true });
  }
}
