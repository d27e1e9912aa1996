// What a filter can ask of a judged record: its columns, and what follows from several of them.

import { FIELDS } from "../logs/index.js";
import { CHANGES } from "../model/opener.js";
import { DIRECTIONS, GRADES, OPENERS, REASONS, VERDICTS } from "../model/verdict.js";

/**
 * What the values of a field are: whole numbers, numbers of bytes, Unix seconds, protocols, addresses, words of a closed
 * list, any text, or several texts at once.
 */
export type FieldKind =
  | "number"
  | "size"
  | "time"
  | "protocol"
  | "address"
  | "word"
  | "text"
  | "set";

/** Where the values come from: a column, or what the program makes of several. */
export type FieldSource = "column" | "remote" | "local" | "port" | "group";

export interface FilterField {
  /** As it is written; the column of that name where the source is a column. */
  readonly name: string;
  readonly column: string;
  readonly source: FieldSource;
  readonly kind: FieldKind;
  readonly aliases: readonly string[];
  /** What it holds, in a few words. */
  readonly meaning: string;
  /** The greatest number there is; whole numbers only. */
  readonly most?: number;
  /** All values there are; words only. */
  readonly words?: readonly string[];
  /** The words are given weakest first and can be compared. */
  readonly ordered?: boolean;
}

const MOST_PORT = 65_535;
const MOST_BYTE = 255;

function column(
  name: string,
  kind: FieldKind,
  meaning: string,
  more: Partial<Pick<FilterField, "aliases" | "most" | "words" | "ordered" | "column">> = {},
): FilterField {
  return { name, column: name, source: "column", kind, aliases: [], meaning, ...more };
}

function derived(
  source: Exclude<FieldSource, "column">,
  kind: FieldKind,
  meaning: string,
  more: Partial<Pick<FilterField, "aliases" | "most">> = {},
): FilterField {
  return { name: source, column: "", source, kind, aliases: [], meaning, ...more };
}

const known = (words: readonly string[]): readonly string[] => words.filter((word) => word !== "");

/** Log fields that are more than text. */
const LOG_FIELDS: readonly FilterField[] = [
  column("version", "number", "version of the record", { most: MOST_BYTE }),
  column("account_id", "text", "account that owns the interface", { aliases: ["account"] }),
  column("interface_id", "text", "interface", { aliases: ["interface", "eni"] }),
  column("srcaddr", "address", "source address", { aliases: ["src"] }),
  column("dstaddr", "address", "destination address", { aliases: ["dst"] }),
  column("srcport", "number", "source port", { most: MOST_PORT, aliases: ["sport"] }),
  column("dstport", "number", "destination port", { most: MOST_PORT, aliases: ["dport"] }),
  column("protocol", "protocol", "protocol, by name or number", {
    most: MOST_BYTE,
    aliases: ["proto"],
  }),
  column("packets", "number", "packets"),
  column("bytes", "size", "bytes"),
  column("start", "time", "start of the window", { aliases: ["time"] }),
  column("end", "time", "end of the window"),
  column("action", "word", "what AWS did", { words: ["ACCEPT", "REJECT"] }),
  column("log_status", "word", "whether the window is whole", {
    words: ["OK", "NODATA", "SKIPDATA"],
    aliases: ["status"],
  }),
  column("tcp_flags", "number", "TCP flags, added", { most: MOST_BYTE, aliases: ["flags"] }),
  column("pkt_srcaddr", "address", "source address inside the packet"),
  column("pkt_dstaddr", "address", "destination address inside the packet"),
  column("flow_direction", "word", "direction as the log says", { words: known(DIRECTIONS) }),
];

const BY_NAME: ReadonlyMap<string, FilterField> = new Map(
  LOG_FIELDS.map((field) => [field.name, field]),
);

/** Every log field of AWS's catalogue, in its order. */
const RECORD_FIELDS: readonly FilterField[] = FIELDS.map(
  ({ name, column: columnName }) =>
    BY_NAME.get(columnName) ?? column(columnName, "text", `log field ${name}`),
);

const RESULT_FIELDS: readonly FilterField[] = [
  column("direction", "word", "direction at the interface", { words: known(DIRECTIONS) }),
  column("verdict", "word", "what the rules say", { words: VERDICTS }),
  column("reason", "word", "why", { words: REASONS }),
  column("detail", "text", "field, peer, group or ACL entry that the reason names"),
  column("rule", "set", "a rule that matches", { column: "rules", aliases: ["rules"] }),
  column("opener", "word", "who opened the connection", { words: OPENERS }),
  column("grade", "word", "how the opener is known", { words: GRADES, ordered: true }),
  column("file", "text", "log that holds the record"),
  column("line", "number", "its line"),
];

const DERIVED_FIELDS: readonly FilterField[] = [
  derived("remote", "address", "address of the other side", { aliases: ["peer"] }),
  derived("local", "address", "address of the interface's own side"),
  derived("port", "number", "served port of the connection", { most: MOST_PORT }),
  derived("group", "set", "security group of the interface, by id or name", {
    aliases: ["groups"],
  }),
];

function candidateFields(index: number): readonly FilterField[] {
  const number = index === 0 ? "" : String(index + 1);
  const of = `candidate${number}`;
  return [
    column(`${of}_verdict`, "word", `what ${of} says`, { words: VERDICTS }),
    column(`${of}_reason`, "word", `why ${of} says so`, { words: REASONS }),
    column(`${of}_detail`, "text", `what the reason of ${of} names`),
    column(`${of}_rule`, "set", `a rule of ${of} that matches`, {
      column: `${of}_rules`,
      aliases: [`${of}_rules`],
    }),
    column(`change${number}`, "word", `how ${of} changes the verdict`, { words: CHANGES }),
  ];
}

/** Every field there is without candidates: what answers, then what follows, then what the log says. */
export const FILTER_FIELDS: readonly FilterField[] = [
  ...RESULT_FIELDS,
  ...DERIVED_FIELDS,
  ...RECORD_FIELDS,
];

/** What a filter may name. */
export class FilterFields {
  readonly list: readonly FilterField[];
  private readonly byKey = new Map<string, FilterField>();

  /** `candidates`: rule sets compared with the baseline; `others`: columns of the logs outside the catalogue. */
  constructor(given: { readonly candidates?: number; readonly others?: readonly string[] } = {}) {
    const candidates = Array.from({ length: given.candidates ?? 0 }, (_, i) => candidateFields(i));
    const names = new Set([...FILTER_FIELDS, ...candidates.flat()].map(({ name }) => name));
    const others = (given.others ?? [])
      .filter((name) => !names.has(name))
      .map((name) => column(name, "text", "log field outside AWS's catalogue"));
    this.list = [
      ...RESULT_FIELDS,
      ...candidates.flat(),
      ...DERIVED_FIELDS,
      ...RECORD_FIELDS,
      ...others,
    ];
    // Earlier ones win: a foreign column cannot take the name of a field.
    for (const field of this.list)
      for (const name of [field.name, ...field.aliases])
        if (!this.byKey.has(keyOf(name))) this.byKey.set(keyOf(name), field);
  }

  /** Hyphens, underscores and case make no difference. */
  find(name: string): FilterField | undefined {
    return this.byKey.get(keyOf(name));
  }

  /** Names and aliases as they are written. */
  names(): readonly string[] {
    return this.list.flatMap(({ name, aliases }) => [name, ...aliases]);
  }
}

function keyOf(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, "");
}

/** Whether `<`, `<=`, `>`, `>=` and ranges make sense. */
export function isOrdered(field: FilterField): boolean {
  const { kind } = field;
  return kind === "number" || kind === "size" || kind === "time" || field.ordered === true;
}
