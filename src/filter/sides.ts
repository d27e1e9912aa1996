// What a filter asks of several columns at once: which side is the interface's own, and which port is served.

import type { RecordBatch } from "apache-arrow";
import { PROTOCOL_TCP, PROTOCOL_UDP } from "../contract.js";
import { columnOf, dictionaryTexts, type NumberColumn, type TextColumn } from "./columns.js";

/** The words of a dictionary column by row; "" where the batch lacks it. */
function wordsOf(batch: RecordBatch, name: string): (row: number) => string {
  const column = columnOf(batch, name);
  if (column?.kind !== "dictionary") return () => "";
  const texts = dictionaryTexts(column.dictionary);
  return (row) => texts[column.codes[row]!] ?? "";
}

function textOf(batch: RecordBatch, name: string): TextColumn | undefined {
  const column = columnOf(batch, name);
  return column?.kind === "text" ? column : undefined;
}

function numberOf(batch: RecordBatch, name: string): NumberColumn | undefined {
  const column = columnOf(batch, name);
  return column?.kind === "number" ? column : undefined;
}

/** The column that holds a row's text; `undefined` = missing. */
export type TextChoice = (row: number) => TextColumn | undefined;

/** The effective address (semantics 2.5): that of the packet where the log tells it. */
function effective(batch: RecordBatch, side: "src" | "dst"): TextChoice {
  const shown = textOf(batch, `${side}addr`);
  const packet = textOf(batch, `pkt_${side}addr`);
  return (row) => {
    if (packet?.present(row) === true) return packet;
    return shown?.present(row) === true ? shown : undefined;
  };
}

/** The address of the other side, or of the interface's own; missing where the direction is not known. */
export function sideAddresses(batch: RecordBatch, side: "remote" | "local"): TextChoice {
  const source = effective(batch, "src");
  const destination = effective(batch, "dst");
  const directions = wordsOf(batch, "direction");
  const [ingress, egress] = side === "remote" ? [source, destination] : [destination, source];
  return (row) => {
    const direction = directions(row);
    if (direction === "ingress") return ingress(row);
    return direction === "egress" ? egress(row) : undefined;
  };
}

/**
 * The served port (semantics 9.5): the destination port of the opening, the lower one where the opener is not known; -1
 * where there is none.
 */
export function servedPorts(batch: RecordBatch): (row: number) => number {
  const source = numberOf(batch, "srcport");
  const destination = numberOf(batch, "dstport");
  const protocols = numberOf(batch, "protocol");
  const directions = wordsOf(batch, "direction");
  const openers = wordsOf(batch, "opener");
  const at = (column: NumberColumn | undefined, row: number): number =>
    column?.present(row) === true ? column.at(row) : -1;
  return (row) => {
    const protocol = at(protocols, row);
    if (protocol !== PROTOCOL_TCP && protocol !== PROTOCOL_UDP) return -1;
    const opener = openers(row);
    const direction = directions(row);
    const from = at(source, row);
    const to = at(destination, row);
    if (opener === "unknown" || direction === "") return Math.min(from, to);
    const forward = (opener === "remote") === (direction === "ingress");
    return forward ? to : from;
  };
}
