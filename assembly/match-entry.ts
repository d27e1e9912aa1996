// A module that holds the matcher alone, for its tests and its timings.

import {
  answerAhead,
  askAhead,
  beginAhead,
  classifyAhead,
  MOST_AHEAD,
} from "./match/classify-ahead";
import { classify, outcomePtr } from "./match/matcher";
import { OUTCOME_ACCEPTED_VERDICT } from "./shared/image";
import { VERDICT_ALLOW } from "./shared/codes";

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

/**
 * Classifies `count` headers as those of records would be: `remotes` u32 (IPv4), `ports` u16, `protocols` u8, one column each.
 * Gives how many the policy admits; 0xffffffff where stores are full: call matcherReserve, then again.
 */
export function classifyAll(
  matcher: usize,
  policy: u32,
  remotes: usize,
  ports: usize,
  protocols: usize,
  count: u32,
): u32 {
  let admitted: u32 = 0;
  for (let from: u32 = 0; from < count; from += MOST_AHEAD) {
    const many = min(MOST_AHEAD, count - from);
    beginAhead();
    for (let i: usize = from; i < <usize>(from + many); i++)
      askAhead(
        matcher,
        policy,
        load<u32>(remotes + (i << 2)),
        load<u8>(protocols + i),
        load<u16>(ports + (i << 1)),
      );
    classifyAhead();
    for (let number: u32 = 0; number < many; number++) {
      let outcome = answerAhead(number);
      if (outcome == 0xffff_ffff) {
        const i = <usize>(from + number);
        const remote = 0xffff_0000_0000 | <u64>load<u32>(remotes + (i << 2));
        const port = <u32>load<u16>(ports + (i << 1));
        outcome = classify(matcher, policy, 0, remote, load<u8>(protocols + i), port, 0, 0);
        if (outcome == 0xffff_ffff) return outcome;
      }
      admitted += u32(
        load<u8>(outcomePtr(matcher, outcome) + OUTCOME_ACCEPTED_VERDICT) == VERDICT_ALLOW,
      );
    }
  }
  return admitted;
}
