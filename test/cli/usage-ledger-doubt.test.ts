import { describe, expect, it } from "vitest";
import { planDoubt } from "../../src/cli/usage/plan-doubt.js";
import { IMPACT, NO_IMPACT } from "../report/impact-fixture.js";
import { PLAN } from "../report/usage-fixture.js";

describe("planDoubt", () => {
  it("has none where the diff finds nothing, or nothing goes", () => {
    expect(planDoubt({ plan: PLAN, proof: NO_IMPACT })).toBeUndefined();
    expect(planDoubt({ plan: { ...PLAN, removed: [] }, proof: null })).toBeUndefined();
  });

  it("ends as interrupted where there is no proof", () => {
    expect(planDoubt({ plan: PLAN, proof: null })).toMatchObject({ exitCode: 130 });
  });

  it("does not pass a plan that breaks connections, or single records", () => {
    expect(planDoubt({ plan: PLAN, proof: IMPACT })).toMatchObject({ exitCode: 2 });
    const records = { ...NO_IMPACT.records, undetermined: 1 };
    expect(planDoubt({ plan: PLAN, proof: { ...NO_IMPACT, records } })).toMatchObject({
      exitCode: 2,
    });
  });
});
