/** The functions of the core, as assembly/index.ts exports them. Pointers and counts are unsigned 32-bit numbers. */
export interface CoreExports {
  readonly memory: WebAssembly.Memory;
  reserve(bytes: number): number;
  release(ptr: number, bytes: number): void;
  arenaUsed(): number;
  arenaBegin(): number;
  arenaEnd(): number;
  arenaReuse(end: number): void;
  start(maxConnections: number, timelines: number, fold: number): number;
  loadImage(image: number, bytes: number): number;
  addPeriod(timeline: number, from: number, image: number): boolean;
  setKind(timeline: number, kind: number): void;
  setCutOver(at: number): void;
  setShard(index: number, shards: number): void;
  setTimeFilter(from: number, to: number): void;
  setLookAhead(slots: number, minRecords: number, maxRecords: number): void;
  keepText(timelines: number): void;
  interfaceTemplate(): number;
  interfaceState(index: number): number;
  namelessState(): number;
  interfacesSeen(): number;
  internInterface(ptr: number, length: number): number;
  planCreate(count: number): number;
  planFields(plan: number): number;
  planColumns(plan: number): number;
  blockTake(): number;
  blockPtr(block: number): number;
  blockHold(block: number): void;
  blockDrop(block: number): void;
  malformedFile(index: number): void;
  malformedSamples(): number;
  malformedSampleCount(): number;
  decodeBegin(firstLine: number): void;
  decodeChunk(ptr: number, bytes: number, last: boolean): void;
  decodeInto(plan: number, file: number, block: number, rows: number, counting: boolean): number;
  decodeStopped(): number;
  decodeRest(): number;
  decodeHeaderPtr(): number;
  decodeHeaderBytes(): number;
  decodeHeaderMalformed(counting: boolean): void;
  partBegin(plan: number, sources: number, rows: number, line: number): void;
  wordsBegin(table: number, begins: number, ends: number, text: number, count: number): void;
  columnsInto(
    plan: number,
    file: number,
    block: number,
    filled: number,
    rows: number,
    counting: boolean,
  ): number;
  columnsFilled(): number;
  cellsCut(): number;
  reserveSession(batchRows: number): number;
  reserveInterfaces(rows: number): number;
  advance(final: boolean): number;
  emitted(): void;
  judgedSlot(): number;
  emitInit(columns: number): boolean;
  emitKinds(): number;
  emitNext(): number;
  emitArea(column: number): number;
  emitResults(): number;
  emitFurther(timeline: number): number;
  emitText(column: number): number;
  emitTextBytes(column: number): number;
  countersPtr(): number;
  hitsPtr(image: number): number;
  changesPtr(): number;
  foldRest(count: number): number;
  judgeStored(rows: number, count: number): number;
  storedJudged(): number;
  reserveForStored(rows: number): number;
  askAsWhole(): void;
  takeConnections(rows: number, count: number): number;
  connectionsTaken(): number;
  reserveForConnections(rows: number): number;
  closeConnections(frontier: number, last: boolean, count: number): number;
  borderEnd(): number;
  borderPtr(row: number): number;
  openersReserve(connections: number): boolean;
  openersEnd(): number;
  openerPtr(row: number): number;
  vectorsEnd(): number;
  vectorPtr(vector: number): number;
  remoteAnswered(high: bigint, low: bigint): boolean;
  tuplesPtr(): number;
  tuplesCap(): number;
  ruleSetCount(matcher: number): number;
  ruleSetPtr(matcher: number, id: number): number;
  connectionsLive(): number;
  rowsLive(): number;
}
