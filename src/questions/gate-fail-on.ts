import { FlowError } from "../errors.js";

/** What a gate may count. */
export type CountedCondition =
  | "would-break"
  | "newly-pass"
  | "undetermined"
  | "assertion"
  | "lint-error";
export const COUNTED_CONDITIONS: readonly CountedCondition[] = [
  "would-break",
  "newly-pass",
  "undetermined",
  "assertion",
  "lint-error",
];

/** When a gate fails: more than so many connections (assertions, lint findings), or a fidelity below a share. */
export type FailOn =
  | { readonly what: CountedCondition; readonly moreThan: number }
  | { readonly what: "fidelity-below"; readonly share: number };

/** What a gate fails on unless told otherwise. */
export const DEFAULT_FAIL_ON: readonly FailOn[] = [
  { what: "would-break", moreThan: 0 },
  { what: "assertion", moreThan: 0 },
];

const HINT = `allowed: ${COUNTED_CONDITIONS.map((what) => `${what}[=N]`).join(", ")}, fidelity-below=0.99; N is how many are still fine, 0 by default`;

function refuse(text: string, found: string): never {
  throw new FlowError("fail-on-invalid", `--fail-on "${text}" ${found}`, { hint: HINT });
}

function readShare(text: string, value: string): number {
  const share = /^(0(\.\d+)?|1(\.0+)?)$/.test(value) ? Number(value) : Number.NaN;
  return Number.isNaN(share) ? refuse(text, "needs a share from 0 to 1") : share;
}

/** Parses one `--fail-on`: `would-break`, `newly-pass=20`, `fidelity-below=0.99`. Throws `fail-on-invalid`. */
export function parseFailOn(text: string): FailOn {
  const [name = "", value, ...rest] = text.trim().split("=");
  if (rest.length > 0) return refuse(text, "has more than one =");
  if (name === "fidelity-below") return { what: name, share: readShare(text, value ?? "") };
  const what = COUNTED_CONDITIONS.find((known) => known === name);
  if (what === undefined) return refuse(text, "names no condition");
  if (value === undefined) return { what, moreThan: 0 };
  if (!/^\d{1,15}$/.test(value)) return refuse(text, "needs a whole number after =");
  return { what, moreThan: Number(value) };
}
