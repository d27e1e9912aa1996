// Paths named by the user -> the log files behind them, in the order they are read.
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import {
  fileTime,
  inReadingOrder,
  isDoubtfulFile,
  isOtherFile,
  isOtherPartition,
  partitionsOf,
  refuseUnknownPartitions,
  spanOfName,
  type WantedPartitions,
} from "../logs/index.js";
import { hasMagic, matchGlob } from "./glob.js";
import { byCodeUnits, kindOfPath, noSuchInput, refuseUnlistable, within } from "./path-kind.js";
import { listObjects } from "./s3/list-objects.js";
import { isS3 } from "./s3/s3-place.js";
import { walk } from "./walk.js";

/** One log to read. */
export interface LogFile {
  /** What to open; `-` is stdin, `s3://bucket/key` an object. */
  readonly path: string;
  /** For the user: the path as given, or relative to the folder given. */
  readonly name: string;
  /** Bytes on disk; 0 where that is not known (stdin, pipes). */
  readonly size: number;
  /** Time to put files in order by, Unix seconds (fileTime). */
  readonly time?: number;
  /** Found in a folder under a name that no log need have (isDoubtfulFile). */
  readonly doubtful?: true;
  /** Changes with the content: of objects in S3. */
  readonly tag?: string;
}

/** A file that was found and is not read. */
export interface InputNote {
  readonly code:
    | "not-a-log"
    | "outside-time"
    | "outside-partition"
    | "unreadable-folder"
    | "named-twice";
  readonly path: string;
  readonly message: string;
}

export interface FindLogsOptions {
  /** `--from` and `--to`, Unix seconds: files that by their names can hold nothing of it are left out. */
  readonly from?: number;
  readonly to?: number;
  /** `--partition`: files whose paths say another value are left out. */
  readonly partitions?: WantedPartitions;
  readonly onNote?: (note: InputNote) => void;
}

/** Files whose sizes are asked for at once. */
const AT_ONCE = 256;

interface Found {
  readonly path: string;
  readonly name: string;
  /** Taken because of the folder or pattern it is in, not by its own name. */
  readonly swept: boolean;
  /** Where the listing tells them. */
  readonly size?: number;
  readonly tag?: string;
}

async function* inFolder(folder: string, options: FindLogsOptions): AsyncGenerator<Found> {
  const onUnreadable = (path: string, reason: string): void =>
    options.onNote?.({ code: "unreadable-folder", path, message: `cannot be listed: ${reason}` });
  for await (const name of walk(folder, onUnreadable))
    yield { path: within(folder, name), name, swept: true };
}

async function* findOne(pattern: string, options: FindLogsOptions): AsyncGenerator<Found> {
  if (pattern === "-") {
    yield { path: "-", name: "-", swept: false };
    return;
  }
  if (isS3(pattern)) {
    for await (const object of listObjects(pattern))
      yield { ...object, name: object.path, swept: object.path !== pattern };
    return;
  }
  const kind = await kindOfPath(pattern);
  if (kind === "file") yield { path: pattern, name: pattern, swept: false };
  if (kind === "folder") {
    await refuseUnlistable(pattern);
    yield* inFolder(pattern, options);
  }
  if (kind !== "none") return;
  if (!hasMagic(pattern)) throw noSuchInput(pattern, "there is no such file or folder");
  // A pattern may match a folder and what is in it; like a shell, we read each file once for one pattern.
  const seen = new Set<string>();
  const ownExtension = isOtherFile(pattern) || isDoubtfulFile(pattern);
  for await (const path of matchGlob(pattern)) {
    const matches =
      (await kindOfPath(path)) === "folder"
        ? inFolder(path, options)
        : [{ path, name: path, swept: !ownExtension }];
    for await (const found of matches) {
      if (seen.has(found.path)) continue;
      seen.add(found.path);
      yield found;
    }
  }
  if (seen.size === 0) throw noSuchInput(pattern, "the pattern matches nothing");
}

function outsideTime(path: string, { from, to }: FindLogsOptions): boolean {
  if (from === undefined && to === undefined) return false;
  const span = spanOfName(path);
  if (span === undefined) return false;
  return (from !== undefined && span.to <= from) || (to !== undefined && span.from >= to);
}

function isOther(found: Found): boolean {
  return found.swept && isOtherFile(found.path);
}

function isLeftOut(found: Found, options: FindLogsOptions, told: Set<string>): boolean {
  if (isOther(found)) {
    const message = "not read: by its name no log; name it to have it tried";
    options.onNote?.({ code: "not-a-log", path: found.path, message });
    return true;
  }
  if (options.partitions !== undefined) {
    const partitions = partitionsOf(found.path);
    for (const name of partitions.keys()) told.add(name);
    if (isOtherPartition(partitions, options.partitions)) {
      const message = "not read: by its path outside --partition";
      options.onNote?.({ code: "outside-partition", path: found.path, message });
      return true;
    }
  }
  if (!outsideTime(found.path, options)) return false;
  const message = "not read: by the time in its name outside --from and --to";
  options.onNote?.({ code: "outside-time", path: found.path, message });
  return true;
}

/** A log, and what is the same for all names of one file. */
interface NamedFile {
  readonly file: LogFile;
  readonly identity: string;
}

/** Pipes and devices have their path alone: what comes out of one once does not come again. */
async function onDisk(path: string): Promise<{ size: number; identity: string }> {
  const unknown = { size: 0, identity: path };
  if (path === "-") return unknown;
  try {
    const stats = await stat(path, { bigint: true });
    if (!stats.isFile()) return unknown;
    // Where a file system numbers no files, all have 0.
    const identity = stats.ino === 0n ? resolve(path) : `${stats.dev}:${stats.ino}`;
    return { size: Number(stats.size), identity };
  } catch {
    return unknown;
  }
}

async function namedFile({ path, name, swept, size, tag }: Found): Promise<NamedFile> {
  const time = fileTime(path);
  const disk = size === undefined ? await onDisk(path) : { size, identity: path };
  const file = {
    path,
    name,
    size: disk.size,
    ...(tag === undefined ? {} : { tag }),
    ...(time === undefined ? {} : { time }),
    ...(swept && isDoubtfulFile(path) ? { doubtful: true as const } : {}),
  };
  return { file, identity: disk.identity };
}

/** Asks for sizes many at a time: one after the other, a hundred thousand files take a quarter of a minute. */
async function namedFiles(entries: readonly Found[]): Promise<NamedFile[]> {
  const files: NamedFile[] = [];
  for (let from = 0; from < entries.length; from += AT_ONCE)
    files.push(...(await Promise.all(entries.slice(from, from + AT_ONCE).map(namedFile))));
  return files;
}

/** Each file under the first of its names; one that was named by itself is never doubtful. */
function withoutTwins(
  files: readonly NamedFile[],
  onNote: FindLogsOptions["onNote"],
): readonly LogFile[] {
  const kept = new Map<string, LogFile>();
  for (const { file, identity } of files) {
    const known = kept.get(identity);
    if (known === undefined) {
      kept.set(identity, file);
      continue;
    }
    if (known.doubtful && !file.doubtful) {
      const { doubtful: _doubtful, ...certain } = known;
      kept.set(identity, certain);
    }
    const message = `not read again: the same file as ${known.path}`;
    onNote?.({ code: "named-twice", path: file.path, message });
  }
  return [...kept.values()];
}

/**
 * Finds the logs behind files, folders (with all folders below, hidden names left out), quoted globs, prefixes in S3 and
 * `-`. Order:
 * by the times in names and paths, files without one last, then by name in code units; the order of the arguments does
 * not matter. A file that several names, patterns or links lead to is read once and noted. Throws `no-such-input` where an argument leads to nothing or to other
 * files only, `input-unreadable` where a permission is missing, `partition-unknown` where no path tells a partition that is wanted.
 */
export async function findLogs(
  patterns: readonly string[],
  options: FindLogsOptions = {},
): Promise<readonly LogFile[]> {
  if (patterns.filter((pattern) => pattern === "-").length > 1)
    throw noSuchInput("-", "stdin can be read once only");
  const entries: Found[] = [];
  const told = new Set<string>();
  for (const pattern of patterns) {
    let found = 0;
    let others = 0;
    for await (const entry of findOne(pattern, options)) {
      found++;
      if (isOther(entry)) others++;
      if (!isLeftOut(entry, options, told)) entries.push(entry);
    }
    if (found === 0)
      throw noSuchInput(
        pattern,
        isS3(pattern) ? "no object has a key that begins so" : "the folder holds no files",
      );
    if (found === others)
      throw noSuchInput(
        pattern,
        `holds no logs by the names of its files (${found} left out); named by itself, a file is tried`,
      );
  }
  if (options.partitions !== undefined) refuseUnknownPartitions(options.partitions, told);
  const files = (await namedFiles(entries)).sort(
    ({ file: a }, { file: b }) =>
      inReadingOrder(a, b) || byCodeUnits(a.path, b.path) || byCodeUnits(a.name, b.name),
  );
  return withoutTwins(files, options.onNote);
}
