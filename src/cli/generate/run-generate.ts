// The work of `generate`: account documents, log files, and the truth where asked.

import { mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { FlowError } from "../../errors.js";
import {
  type GeneratedPiece,
  type GenerateOptions,
  generateAccount,
  generateFiles,
  TRUTH_CSV_HEADER,
  truthCsv,
} from "../../generate/index.js";
import { parseFieldList } from "../../logs/index.js";
import { type Write, writeAtomically } from "../../node/index.js";
import { byteSize, counted } from "../../report/quantity.js";
import type { GenerateFlags } from "../commands/generate.js";
import { EXIT_OK } from "../exit-code.js";
import { startProgress } from "../progress.js";
import type { Terminal } from "../terminal.js";
import { gzipInto } from "./gzip-into.js";

function optionsOf(flags: GenerateFlags): GenerateOptions {
  return {
    records: flags.records,
    seed: flags.seed,
    format: flags.fields === undefined ? flags.format : parseFieldList(flags.fields).fields,
    header: flags.header,
    ...(flags.interfaces === undefined ? {} : { interfaces: flags.interfaces }),
    ...(flags.rulesPerInterface === undefined
      ? {}
      : { rulesPerInterface: flags.rulesPerInterface }),
    ...(flags.start === undefined ? {} : { start: flags.start }),
  };
}

/** Old files beside new ones would be read as one log later. */
async function refuseFilled(folder: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch {
    return;
  }
  if (names.length === 0) return;
  throw new FlowError("output-exists", "the folder is not empty", {
    at: folder,
    hint: "choose another --output, or remove the folder first",
  });
}

async function writeAccount(folder: string, options: GenerateOptions): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, text } of generateAccount(options).documents)
    await writeAtomically(join(folder, name), text);
}

/** Pieces come file after file; `next` is the first of a file that is still to be written. */
interface Pieces {
  readonly source: Generator<GeneratedPiece>;
  next: GeneratedPiece | undefined;
}

function advance(pieces: Pieces): void {
  const step = pieces.source.next();
  pieces.next = step.done === true ? undefined : step.value;
}

/** Writes the pieces of one file, told piece by piece to `onPiece`. */
async function writeFile(
  pieces: Pieces,
  write: Write,
  onPiece: (piece: GeneratedPiece) => Promise<void>,
): Promise<void> {
  const file = pieces.next?.file;
  while (pieces.next !== undefined && pieces.next.file === file) {
    await write(pieces.next.text);
    await onPiece(pieces.next);
    advance(pieces);
  }
}

/** Runs `generate` and gives its exit code. */
export async function runGenerate(flags: GenerateFlags, terminal: Terminal): Promise<number> {
  const options = optionsOf(flags);
  const account = join(flags.output, "account");
  const logs = join(flags.output, "logs");
  await refuseFilled(account);
  await refuseFilled(logs);
  await writeAccount(account, options);
  await mkdir(logs, { recursive: true });
  const ending = flags.gzip === true ? ".gz" : "";
  const progress = startProgress(terminal, ({ records }) => records / Math.max(1, flags.records));
  let records = 0;
  let bytes = 0;
  const pieces: Pieces = { source: generateFiles(options, flags.files), next: undefined };
  advance(pieces);
  const writeLogs = async (writeTruth?: Write): Promise<void> => {
    await writeTruth?.(TRUTH_CSV_HEADER);
    const onPiece = async (piece: GeneratedPiece): Promise<void> => {
      records += piece.truth.count;
      bytes += piece.text.length;
      progress.update({ records, bytes, file: piece.path });
      await writeTruth?.(truthCsv(piece.truth, piece.path + ending, piece.firstLine));
    };
    while (pieces.next !== undefined) {
      const path = join(logs, pieces.next.path + ending);
      await mkdir(dirname(path), { recursive: true });
      await writeAtomically(path, async (write) => {
        if (flags.gzip === true)
          await gzipInto(write, (packed) => writeFile(pieces, packed, onPiece));
        else await writeFile(pieces, write, onPiece);
      });
    }
  };
  if (flags.truth === true) await writeAtomically(join(flags.output, "truth.csv"), writeLogs);
  else await writeLogs();
  progress.end();
  terminal.say(
    `${counted(records, "record")} (${byteSize(bytes)} of text) in ${counted(flags.files, "file")} below ${logs}, the account in ${account}`,
  );
  return EXIT_OK;
}
