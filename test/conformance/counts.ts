import type { EngineAnswer } from "../support/engines.js";

/** All counts an expected.json may name: the engine's own, and those that its judgements add up to. */
export function countsOf({ judgements, counters, malformed }: EngineAnswer): object {
  const matrix = {
    ACCEPT: { allow: 0, deny: 0, unknown: 0 },
    REJECT: { allow: 0, deny: 0, unknown: 0 },
  };
  for (const { record, verdict } of judgements)
    if (record.action !== null) matrix[record.action][verdict]++;
  const agreeing = matrix.ACCEPT.allow + matrix.REJECT.deny;
  const disagreeing = matrix.ACCEPT.deny + matrix.REJECT.allow;
  const { noData, skipData, connections, openingsAssumed, causes } = counters;
  return {
    records: judgements.length,
    malformed,
    noData,
    skipData,
    connections,
    openingsAssumed,
    causes,
    matrix,
    fidelity: agreeing / (agreeing + disagreeing),
    verdicts: tally(judgements.map(({ verdict }) => verdict)),
    reasons: tally(judgements.map(({ reason }) => reason)),
    grades: tally(judgements.map(({ grade }) => grade)),
  };
}

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
