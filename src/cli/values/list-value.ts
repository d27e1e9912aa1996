import { InvalidArgumentError } from "commander";

/** Collects a repeatable option whose values may also be joined by commas. */
export function listValue(text: string, previous: readonly string[] | undefined): string[] {
  const parts = text.split(",").filter((part) => part !== "");
  if (parts.length === 0) throw new InvalidArgumentError("Give at least one id.");
  return [...(previous ?? []), ...parts];
}

/** Collects a repeatable option as it is written: `eni-1=sg-a,sg-b@10.0.0.5` keeps its commas. */
export function repeatedValue(text: string, previous: readonly string[] | undefined): string[] {
  if (text === "") throw new InvalidArgumentError("It must not be empty.");
  return [...(previous ?? []), text];
}
