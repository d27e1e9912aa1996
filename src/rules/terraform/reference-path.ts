// References as Terraform prints them: `aws_security_group.web["a"].id`, `module.net.group`, `var.name`.
import { behindIndex } from "./resource.js";

/**
 * The longest form of each reference: behind it Terraform lists its beginnings, down to the resource. `a.b.id`, `a.b`.
 */
export function wholeReferences(texts: readonly string[]): readonly string[] {
  const whole: string[] = [];
  let before = "";
  for (const text of texts) {
    const isBeginning =
      before.startsWith(text) && (before[text.length] === "." || before[text.length] === "[");
    if (!isBeginning) whole.push(text);
    before = text;
  }
  return [...new Set(whole)];
}

/** `a.b["c.d"].e` → a, b, ["c.d"], e. */
export function splitSteps(text: string): string[] {
  const steps: string[] = [];
  for (let at = 0; at < text.length; ) {
    if (text[at] === ".") {
      at++;
      continue;
    }
    const begin = at;
    if (text[at] === "[") at = behindIndex(text, at);
    else while (at < text.length && text[at] !== "." && text[at] !== "[") at++;
    steps.push(text.slice(begin, at));
  }
  return steps;
}

/** The index of a module instance, for expressions of its call. */
export function lastIndex(address: string): string | number | undefined {
  const step = splitSteps(address).at(-1);
  if (step === undefined || !step.startsWith("[")) return undefined;
  try {
    const value: unknown = JSON.parse(step.slice(1, -1));
    return typeof value === "string" || typeof value === "number" ? value : undefined;
  } catch {
    return undefined;
  }
}
