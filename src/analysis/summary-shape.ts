import { GRADES, REASONS } from "../model/verdict.js";
import type { Summary } from "./summary.js";

/** What a JSON value must be like: a leaf, a list of one shape, or an object with these keys at least. */
type Shape =
  | "boolean"
  | "null"
  | "number"
  | "number or null"
  | "object"
  | "string"
  | "string or null"
  | readonly [Shape]
  | { readonly [key: string]: Shape };

function numbers(...names: readonly string[]): { readonly [key: string]: Shape } {
  return Object.fromEntries(names.map((name) => [name, "number"]));
}

const VERDICTS = numbers("allow", "deny", "unknown");
const LOCATED: { readonly [key: string]: Shape } = { file: "string", line: "number" };

const SUMMARY: Shape = {
  partial: "boolean",
  records: numbers("read", "judged", "nodata", "skipdata", "malformed", "late"),
  verdicts: VERDICTS,
  matrix: { accept: VERDICTS, reject: VERDICTS },
  reasons: numbers(...REASONS),
  grades: numbers(...GRADES),
  connections: { ...VERDICTS, ...numbers("total", "evicted") },
  fidelity: "number or null",
  causes: "object",
  mismatches: { acceptedButDenied: ["object"], rejectedButAllowed: ["object"], more: "number" },
  rules: ["object"],
  coverage: {
    ...numbers(
      "files",
      "filesOutsideTime",
      "bytesRead",
      "openingsAssumed",
      "endpointsEvicted",
      "filtered",
    ),
    firstStart: "number or null",
    lastEnd: "number or null",
    overTime: "null",
    snapshotTakenAt: "number or null",
    interfaces: {
      ...numbers("seen", "withRules", "withoutRules", "inferredAddresses"),
      list: [
        {
          ...VERDICTS,
          ...numbers("records", "nodata", "skipdata", "skipdataSeconds"),
          id: "string",
          inRuleSet: "boolean",
          firstStart: "number or null",
          lastEnd: "number or null",
          inferredAddress: "string or null",
        },
      ],
    },
    malformed: { byReason: "object", samples: [{ ...LOCATED, reason: "string", text: "string" }] },
    missingFields: [{ field: "string", records: "number", cost: "string" }],
    brokenFiles: [{ name: "string", code: "string", message: "string" }],
    notes: [{ ...LOCATED, code: "string", message: "string" }],
  },
};

/** Whether a value read from a file has all that reports take for granted; further keys may stand beside it. */
export function isSummary(value: unknown): value is Summary {
  return fits(value, SUMMARY);
}

function fits(value: unknown, shape: Shape): boolean {
  if (typeof shape === "string") return isLeaf(value, shape);
  if (isList(shape)) return Array.isArray(value) && value.every((each) => fits(each, shape[0]));
  if (typeof value !== "object" || value === null) return false;
  const object = value as Readonly<Record<string, unknown>>;
  return Object.entries(shape).every(([key, inner]) => fits(object[key], inner));
}

function isList(shape: Exclude<Shape, string>): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function isLeaf(value: unknown, shape: string): boolean {
  const [type, or] = shape.split(" or ");
  if (value === null) return or === "null" || type === "null";
  return typeof value === type;
}
