// Cuts a log into files as AWS delivers them to S3: names by account, region, flow log and time.
import { makeAccount } from "./account.js";
import type { AccountSpec } from "./account-spec.js";
import type { GeneratedChunk } from "./delivery.js";
import { LineWriter } from "./line-writer.js";
import { generateLogOf } from "./log.js";
import { type GenerateOptions, resolveOptions } from "./options.js";
import { mix32 } from "./random.js";
import type { TruthColumns } from "./truth.js";

/** One file of the plan. */
export interface PlannedFile {
  /** `AWSLogs/ACCOUNT/vpcflowlogs/REGION/YYYY/MM/DD/ACCOUNT_vpcflowlogs_REGION_fl-..._YYYYMMDDTHHmmZ_HASH.log`. */
  readonly path: string;
  /** Lines without the header. */
  readonly records: number;
}

/** A piece of one file: whole lines, the header in the first piece. */
export interface GeneratedPiece extends GeneratedChunk {
  /** Index into the plan. */
  readonly file: number;
  readonly path: string;
  /** Physical line (1-based) of the first record of the piece. */
  readonly firstLine: number;
}

const PUBLISHED_EVERY = 300;

function filePath(spec: AccountSpec, number: number, time: number, seed: number): string {
  const slot = new Date(time * 1000).toISOString();
  const day = slot.slice(0, 10).replaceAll("-", "/");
  const minute = `${slot.slice(0, 16).replaceAll("-", "").replace(":", "")}Z`;
  const hash = [mix32(seed + number), mix32(seed ^ (number + 0x5bd1e995))]
    .map((word) => word.toString(16).padStart(8, "0"))
    .join("");
  const { accountId, region, flowLogId } = spec;
  const name = `${accountId}_vpcflowlogs_${region}_${flowLogId}_${minute}_${hash}.log`;
  return `AWSLogs/${accountId}/vpcflowlogs/${region}/${day}/${name}`;
}

/** The files of a log of these options: equal shares of the lines, times as the log goes on. */
export function planFiles(options: GenerateOptions, files: number): PlannedFile[] {
  return planFilesOf(makeAccount(options), options, files);
}

/** As `planFiles`, of a given account. */
export function planFilesOf(
  spec: AccountSpec,
  options: GenerateOptions,
  files: number,
): PlannedFile[] {
  const { records, ratePerSecond, start, seed } = resolveOptions(options);
  const boundary = (n: number): number => Math.floor((records * n) / files);
  return Array.from({ length: files }, (_, n) => {
    const time = start + boundary(n) / ratePerSecond;
    const published = Math.floor(time / PUBLISHED_EVERY) * PUBLISHED_EVERY;
    return {
      path: filePath(spec, n, published, seed),
      records: boundary(n + 1) - boundary(n),
    };
  });
}

function sliceTruth(truth: TruthColumns, from: number, to: number): TruthColumns {
  return {
    count: to - from,
    opener: truth.opener.subarray(from, to),
    verdict: truth.verdict.subarray(from, to),
    cause: truth.cause.subarray(from, to),
    kind: truth.kind.subarray(from, to),
    connection: truth.connection.subarray(from, to),
  };
}

/** Position after the n-th line end from `from` on. */
function skipLines(text: Uint8Array, from: number, lines: number): number {
  let at = from;
  for (let i = 0; i < lines; i++) at = text.indexOf(10, at) + 1;
  return at;
}

function join(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const text = new Uint8Array(head.length + tail.length);
  text.set(head, 0);
  text.set(tail, head.length);
  return text;
}

/**
 * The log of these options in the files of `planFiles`, piece by piece and file after file. Together the files hold
 * the lines of `generateLog` in the same order; each has its own header.
 */
export function generateFiles(options: GenerateOptions, files: number): Generator<GeneratedPiece> {
  return generateFilesOf(makeAccount(options), options, files);
}

/** As `generateFiles`, of a given account. */
export function* generateFilesOf(
  spec: AccountSpec,
  options: GenerateOptions,
  files: number,
): Generator<GeneratedPiece> {
  const plan = planFilesOf(spec, options, files);
  const { fields, header: withHeader } = resolveOptions(options);
  const header = withHeader ? new LineWriter(spec, fields).header() : new Uint8Array(0);
  const headerLines = withHeader ? 1 : 0;
  const nothing: GeneratedChunk = {
    text: new Uint8Array(0),
    truth: sliceTruth(emptyTruth(), 0, 0),
  };
  let file = 0;
  let written = 0;
  const piece = (chunk: GeneratedChunk): GeneratedPiece => {
    const firstLine = headerLines + written + 1;
    const text = written === 0 ? join(header, chunk.text) : chunk.text;
    written += chunk.truth.count;
    return { text, truth: chunk.truth, file, path: plan[file]!.path, firstLine };
  };
  for (const chunk of generateLogOf(spec, { ...options, header: false })) {
    let line = 0;
    let at = 0;
    while (line < chunk.truth.count) {
      const room = plan[file]!.records - written;
      if (room === 0) {
        if (written === 0) yield piece(nothing);
        file += 1;
        written = 0;
        continue;
      }
      const to = Math.min(chunk.truth.count, line + room);
      const end =
        to === chunk.truth.count ? chunk.text.length : skipLines(chunk.text, at, to - line);
      yield piece({ text: chunk.text.subarray(at, end), truth: sliceTruth(chunk.truth, line, to) });
      line = to;
      at = end;
    }
  }
  // Files without a record still exist, with their header.
  for (; file < files; file++, written = 0) if (written === 0) yield piece(nothing);
}

function emptyTruth(): TruthColumns {
  const none = new Uint8Array(0);
  return {
    count: 0,
    opener: none,
    verdict: none,
    cause: none,
    kind: none,
    connection: new Uint32Array(0),
  };
}
