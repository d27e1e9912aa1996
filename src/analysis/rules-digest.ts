import type { RunRules } from "./run-rules.js";

/** SHA-256 of rules as they are compiled, with the ids that answers name. */
export async function rulesDigest({ images, names }: RunRules): Promise<string> {
  const called = { names, rules: images.map(({ ruleIds }) => ruleIds) };
  const parts = [
    ...images.map(({ image }) => image),
    new TextEncoder().encode(JSON.stringify(called)),
  ];
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
