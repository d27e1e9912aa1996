// Hive partitions in paths: `aws-region=eu-west-1/year=2024/...` says of a file what its records need not say.
import { FlowError } from "../errors.js";

/** Values that are wanted, by the name of the partition. */
export type WantedPartitions = ReadonlyMap<string, readonly string[]>;

/** What the folders of a path say, by name. A path of a few folders: O(length). */
export function partitionsOf(path: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const part of path.replaceAll("\\", "/").split("/").slice(0, -1)) {
    const at = part.indexOf("=");
    if (at > 0) found.set(part.slice(0, at).toLowerCase(), plain(part.slice(at + 1)));
  }
  return found;
}

/** Hive writes what no folder may be called in percents. */
function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether the path says another value. One that tells no such partition may hold anything. */
export function isOtherPartition(
  told: ReadonlyMap<string, string>,
  wanted: WantedPartitions,
): boolean {
  for (const [name, values] of wanted) {
    const value = told.get(name);
    if (value !== undefined && !values.some((each) => isSame(each, value))) return true;
  }
  return false;
}

/** `07` is `7`. */
function isSame(a: string, b: string): boolean {
  return a === b || (/^\d{1,9}$/.test(a) && /^\d{1,9}$/.test(b) && Number(a) === Number(b));
}

/** Throws where no path tells a partition that is wanted: the filter would let everything through. */
export function refuseUnknownPartitions(wanted: WantedPartitions, told: ReadonlySet<string>): void {
  for (const name of wanted.keys())
    if (!told.has(name))
      throw new FlowError(
        "partition-unknown",
        `--partition ${name}: no path of a log has a folder ${name}=...`,
        {
          hint:
            told.size === 0
              ? "the paths have no folders NAME=VALUE"
              : `they have ${[...told].sort().slice(0, 10).join(", ")}`,
        },
      );
}
