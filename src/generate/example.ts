// The files under examples/, before compression: the account's documents and two logs in two formats.
import { accountDocuments } from "./account-documents.js";
import { awsId } from "./account-spec.js";
import { exampleAccount, exampleSnapshot } from "./example-account.js";
import { generateFilesOf } from "./files.js";
import type { GenerateOptions } from "./options.js";

export interface ExampleFile {
  /** Relative to examples/; logs end in `.log` and are stored compressed, as `.log.gz`. */
  readonly path: string;
  readonly text: Uint8Array;
}

const SHARED = {
  seed: 2026,
  liveConnections: 12,
  lateShare: 0.03,
  aclShare: 0.01,
  backscatterShare: 0.01,
  skipShare: 0.006,
  nodataShare: 0.005,
} as const;

interface ExampleLog {
  readonly folder: string;
  readonly flowLog: number;
  readonly files: number;
  readonly options: GenerateOptions;
}

const LOGS: readonly ExampleLog[] = [
  {
    folder: "logs",
    flowLog: 0,
    files: 4,
    options: { ...SHARED, records: 7000, ratePerSecond: 4, format: "v5" },
  },
  {
    folder: "logs-v2",
    flowLog: 1,
    files: 2,
    options: { ...SHARED, seed: 2027, records: 5000, ratePerSecond: 4, start: 1_772_431_200 },
  },
];

function logFiles(log: ExampleLog): ExampleFile[] {
  const spec = { ...exampleAccount(), flowLogId: awsId("fl", 107, log.flowLog) };
  const parts = new Map<string, Uint8Array[]>();
  for (const piece of generateFilesOf(spec, log.options, log.files)) {
    const path = `${log.folder}/${piece.path}`;
    parts.set(path, [...(parts.get(path) ?? []), piece.text]);
  }
  return [...parts].map(([path, pieces]) => ({ path, text: concatenate(pieces) }));
}

function concatenate(pieces: readonly Uint8Array[]): Uint8Array {
  const text = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    text.set(piece, at);
    at += piece.length;
  }
  return text;
}

/** The account's documents and its log in the format with all fields: `account/` and `logs/`. */
export function exampleOfAccount(): ExampleFile[] {
  const encoder = new TextEncoder();
  const documents = accountDocuments(exampleSnapshot()).map(({ name, text }) => ({
    path: `account/${name}`,
    text: encoder.encode(text),
  }));
  return [...documents, ...logFiles(LOGS[0]!)];
}

/** All example files. The same on every machine: a test compares them with what is stored. */
export function exampleFiles(): ExampleFile[] {
  return [...exampleOfAccount(), ...LOGS.slice(1).flatMap(logFiles)];
}
