// The JSON of a removal plan, a part of that of `usage`.

import type { Impact, RemovalPlan } from "../questions/index.js";
import { changeKeys } from "./impact-json.js";
import type { Findings, Json } from "./report.js";

/** A plan, and the diff of the remaining rules on the same log; null where it was not made. */
export interface ProvedPlan {
  readonly plan: RemovalPlan;
  readonly proof: Impact | null;
}

function proofKeys(proof: Impact | null): Json | null {
  if (proof === null) return null;
  return {
    connections: changeKeys(proof.connections),
    records: changeKeys(proof.records),
    bytes: changeKeys(proof.bytes),
  };
}

/** What a plan says as a whole. */
export function removalHead({ plan, proof }: ProvedPlan): Json {
  return { connections: plan.connections, optimal: plan.optimal, proof: proofKeys(proof) };
}

export function removalKeys(proved: ProvedPlan): Json {
  const { removed, kept, components } = proved.plan;
  return { ...removalHead(proved), removed, kept, components };
}

export function removalFindings({ plan }: ProvedPlan): readonly Findings[] {
  return [
    ["removed-rule", plan.removed.map((rule) => ({ ...rule }))],
    ["kept-rule", plan.kept.map((rule) => ({ ...rule }))],
  ];
}
