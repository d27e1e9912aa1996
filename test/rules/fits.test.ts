import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { fitsOf } from "../../src/rules/fits.js";
import { GROUP, GROUP_RULE, RULE_INPUT, STALE_GROUP } from "../../src/rules/group-shape.js";
import { INTERFACE, PEERING, SUBNET, VPC } from "../../src/rules/network-shape.js";

const SHAPES = { GROUP, GROUP_RULE, STALE_GROUP, RULE_INPUT, INTERFACE, VPC, SUBNET, PEERING };

/** Every key that a schema names, at any depth. */
function keysOf(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { entries, item, wrapped, pipe } = schema as Record<string, unknown>;
  const own = typeof entries === "object" && entries !== null ? Object.entries(entries) : [];
  return [
    ...own.flatMap(([key, value]) => [key, ...keysOf(value)]),
    ...keysOf(item),
    ...keysOf(wrapped),
    ...(Array.isArray(pipe)
      ? pipe.slice(0).flatMap((part) => keysOf({ ...part, pipe: null }))
      : []),
  ];
}

describe.each(Object.entries(SHAPES))("%s", (_, shape) => {
  const keys = [...new Set(keysOf(shape))];
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom("sg-1", "tcp", 443, 1.5, -1, true, null, undefined),
      fc.array(tie("value"), { maxLength: 2 }),
      tie("object"),
    ),
    object: fc.dictionary(fc.constantFrom(...keys), tie("value"), { maxKeys: 6 }),
  }));

  test("is asked as valibot asks it", () => {
    expect(keys.length).toBeGreaterThan(2);
    const fits = fitsOf(shape as v.GenericSchema);
    fc.assert(
      fc.property(value, (given) => {
        expect(fits(given)).toBe(v.is(shape as v.GenericSchema, given));
      }),
      { numRuns: 2000 },
    );
  });
});
