// What a report was made of and how, so that whoever reads it can make it again.

import { byteSize, counted } from "./quantity.js";
import { type Cell, code, type Pair, pairs, type Section, type Table } from "./report-body.js";
import { TOOL } from "./tool.js";

export interface OriginFile {
  /** What it was read as. */
  readonly role: "rules" | "log";
  readonly name: string;
  readonly bytes: number | null;
  /** In hexadecimal; null where the file could be read only once. */
  readonly sha256: string | null;
}

export interface Origin {
  /** The command as it was given, words quoted where they need it. */
  readonly command: string;
  /** Options that held, those from a configuration file too. */
  readonly options: readonly (readonly [name: string, value: string])[];
  readonly files: readonly OriginFile[];
  /** One hash over name and hash of every file, in their order. */
  readonly allFiles: string;
}

/** Files told one by one; the hash over all speaks for the rest. */
const SHOWN = 200;

function fileRow({ role, name, bytes, sha256 }: OriginFile): readonly Cell[] {
  const size = bytes === null ? "-" : byteSize(bytes);
  return [role, name, size, sha256 === null ? "read once, not hashed" : code(sha256)];
}

export function originSection({ command, options, files, allFiles }: Origin): Section {
  const facts: Pair[] = [
    ["Program", `${TOOL.name} ${TOOL.version}`],
    ["Command", code(command)],
    ...options.map(([name, value]): Pair => [name, code(value)]),
    [
      "All files",
      `${counted(files.length, "file")}, SHA-256 ${allFiles} over their names and hashes`,
    ],
  ];
  const hidden = files.length - SHOWN;
  const table: Table = {
    kind: "table",
    columns: [
      { title: "read as", align: "left" },
      { title: "file", align: "left", code: true },
      { title: "size", align: "right" },
      { title: "SHA-256", align: "left" },
    ],
    rows: files.slice(0, SHOWN).map((file) => ({ cells: fileRow(file) })),
    none: "No file.",
    foot: hidden > 0 ? [`${counted(hidden, "further file")} not listed.`] : [],
  };
  return { heading: "Where this comes from", blocks: [pairs(facts), table] };
}
