/** The two uses of `--interface`: with `=` it adds rule data, without it filters records. */
export interface InterfaceOptions {
  /** `eni-…=sg-a,sg-b@10.0.0.5`, for the rule loader. */
  readonly definitions: readonly string[];
  /** Ids of the interfaces whose records are read; empty = all. */
  readonly filter: readonly string[];
}

export function splitInterfaceOptions(values: readonly string[]): InterfaceOptions {
  return {
    definitions: values.filter((value) => value.includes("=")),
    filter: values
      .filter((value) => !value.includes("="))
      .flatMap((value) => value.split(","))
      .filter((value) => value !== ""),
  };
}
