// The export list of the core and nothing else, but for the calls that wire its parts together.

export * from "./shared/codes";
export * from "./shared/fields";
export * from "./shared/image";
export * from "./shared/layout";

export { arenaBegin, arenaEnd, arenaReuse, arenaUsed, release, reserve } from "./memory/arena";
export { planCreate, planFields, planColumns } from "./decode/plan";
export {
  decodeBegin,
  decodeChunk,
  decodeHeaderBytes,
  decodeHeaderMalformed,
  decodeHeaderPtr,
  decodeRest,
} from "./decode/decode";
export {
  interfaceState,
  namelessState,
  interfacesSeen,
  interfaceTemplate,
  internInterface,
  setShard,
} from "./decode/interfaces";
export { malformedFile, malformedSampleCount, malformedSamples } from "./decode/malformed";
export { partBegin, wordsBegin } from "./decode/part";
export { cellsCut } from "./decode/row-line";
export { blockDrop, blockHold, blockPtr, blockTake } from "./lookahead/blocks";
export { keepText, rowsLive } from "./lookahead/rows";
export { setLookAhead } from "./lookahead/slots";
export { borderEnd, borderPtr } from "./conntrack/border";
export { openerPtr, openersEnd, openersReserve, setCutOver } from "./conntrack/openers";
export { remoteAnswered } from "./conntrack/remotes";
export { connectionsLive, foldRest } from "./conntrack/table";
export { vectorPtr, vectorsEnd } from "./conntrack/vectors";
export { changesPtr } from "./evaluate/changes";
export { countersPtr } from "./evaluate/counters";
export {
  emitArea,
  emitFurther,
  emitInit,
  emitKinds,
  emitNext,
  emitResults,
  emitText,
  emitTextBytes,
} from "./evaluate/emit";
export { hitsPtr } from "./evaluate/hits";
export { setTimeFilter } from "./evaluate/ingest";
export { advance, emitted, judgedSlot, reserveSession } from "./evaluate/session";
export { judgeStored, reserveForStored, storedJudged } from "./evaluate/stored";
export {
  askAsWhole,
  closeConnections,
  connectionsTaken,
  reserveForConnections,
  takeConnections,
} from "./evaluate/stored-connections";
export { addPeriod, setKind } from "./evaluate/timelines";
export { tuplesCap, tuplesPtr } from "./evaluate/tuples";
export {
  columnsFilled,
  columnsInto,
  decodeInto,
  decodeStopped,
  loadImage,
  reserveInterfaces,
  start,
} from "./session";
export {
  classify,
  defaultPolicy,
  hasAddresses,
  imageIsValid,
  interfaceCount,
  interfaceRow,
  isLocal,
  isService,
  matcherCreate,
  matcherFree,
  matcherReserve,
  nlbInterface,
  nlbInterfaceCount,
  nlbSlotCount,
  outcomePtr,
  policyAnswers,
  ruleSetCount,
  ruleSetPtr,
} from "./match/matcher";
