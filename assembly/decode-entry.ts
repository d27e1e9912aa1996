// Export list of a module that holds the decoder alone, for its tests and its timings.

import { decodeInit } from "./decode/decode";
import { interfacesReserve } from "./decode/interfaces";
import { countersInit } from "./evaluate/counters";
import { blocksInit } from "./lookahead/blocks";
import { BATCH_ROWS } from "./shared/layout";

export * from "./shared/layout";
export { reserve } from "./memory/arena";
export { columns } from "./decode/columns";
export {
  decode,
  decodeBegin,
  decodeChunk,
  decodeHeaderBytes,
  decodeHeaderMalformed,
  decodeHeaderPtr,
  decodeRest,
  decodeStatus,
} from "./decode/decode";
export { interfaceState, interfacesReserve, interfacesSeen } from "./decode/interfaces";
export { malformedSampleCount, malformedSamples } from "./decode/malformed";
export { planCreate, planFields } from "./decode/plan";
export { countersPtr } from "./evaluate/counters";
export { blockPtr, blockTake } from "./lookahead/blocks";

/** Sets the decoder up, with room for the new ids of a batch. */
export function start(): bool {
  return countersInit() && decodeInit() && blocksInit() && interfacesReserve(BATCH_ROWS);
}
