// Export list of a module that holds the matcher alone, for its tests.

export * from "./shared/image";
export { arenaUsed, release, reserve } from "./memory/arena";
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
  outcomeCount,
  outcomePtr,
  policyAnswers,
  ruleSetCount,
  ruleSetPtr,
} from "./match/matcher";
