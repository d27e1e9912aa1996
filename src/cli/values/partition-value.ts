import { InvalidArgumentError } from "commander";

/** Collects `NAME=VALUE[,VALUE...]` by name; given twice, a name has the values of both. */
export function partitionValue(
  text: string,
  previous: ReadonlyMap<string, readonly string[]> | undefined,
): ReadonlyMap<string, readonly string[]> {
  const at = text.indexOf("=");
  const name = text.slice(0, at).toLowerCase();
  const values = text
    .slice(at + 1)
    .split(",")
    .filter((value) => value !== "");
  if (at < 1 || values.length === 0)
    throw new InvalidArgumentError(
      "Write NAME=VALUE as folders of the logs do: aws-region=eu-west-1.",
    );
  return new Map([...(previous ?? []), [name, [...(previous?.get(name) ?? []), ...values]]]);
}
