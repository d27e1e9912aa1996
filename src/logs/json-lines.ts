// Where the lines of a log stand in JSON: the shapes of CloudWatch Logs, of Firehose, and of records as plain objects.
import { tokenOf } from "./csv-text.js";
import { columnField, duplicateOf, headerFields, MAX_FIELDS } from "./field-list.js";
import { isPayload, unpackPayload } from "./json-payload.js";
import { type JsonFault, JsonScanner, type JsonSink, textOfString } from "./json-scanner.js";
import type { NoteCode } from "./log-part.js";
import { isTimeColumn } from "./recognise.js";
import { wholeNumber } from "./whole-number.js";

/** Lines that follow each other, one for every message or record of the file. */
export interface JsonPiece {
  readonly bytes: Uint8Array;
  /** Number of the first one, from 1. */
  readonly line: number;
  /** Hyphenated names, where the lines are made of objects whose members are the fields; undefined for messages. */
  readonly fields: readonly string[] | undefined;
}

/** Told what was passed over, and before which line; malformed where no code is given. */
export type OnJsonNote = (message: string, line: number, code?: NoteCode) => void;

/** What an open list or object is. */
type Role =
  /** A list of documents: at the top, or below `Records` or `records`. */
  | "documents"
  /** An object with a message, events, a payload, or the fields of a record. */
  | "document"
  /** The list below `events` or `logEvents`, and what is in it. */
  | "events"
  | "event"
  /** An object whose `data` is a payload: below `awslogs` or `kinesis`. */
  | "payload"
  /** The list of rows below `results`, a row, and one cell of it: `field` and `value`. */
  | "rows"
  | "row"
  | "cell"
  /** Where an object is wanted, and no such: counted. */
  | "stray"
  /** Passed over with all that is in it. */
  | "other";

interface Level {
  readonly role: Role;
  /** Of an object: the member whose value is next. */
  name: string;
  /** It gave what it is there for. */
  found: boolean;
  /** A word to the subscription's receiver, not from the log. */
  isControl: boolean;
  /** An answer of CloudWatch Logs: it has a list of events or of rows. */
  isAnswer: boolean;
  /** Plain members so far. */
  readonly names: string[];
  readonly values: string[];
}

const MESSAGES: ReadonlySet<string> = new Set(["message", "@message", "body"]);
/** A query of Logs Insights that did not end well, or not yet. */
const UNFINISHED: ReadonlySet<string> = new Set([
  "Scheduled",
  "Running",
  "Failed",
  "Cancelled",
  "Timeout",
  "Unknown",
]);
/** How CloudWatch tells a subscription's receiver that it is there. */
const CONTROL = "CWL CONTROL MESSAGE";
/** Members of one object that are kept, and what is kept of each: a line is as long at most. */
const MAX_MEMBERS = 400;
const MAX_VALUE = 65_536;
/** What may stand before the first record: as much as is looked at in text. */
const MAX_UNDECIDED = 65_536;
/** Shown of what is no record. */
const KEPT = 200;

const encoder = new TextEncoder();

/** Lines that wait to be handed on. */
class Lines {
  private bytes = new Uint8Array(1 << 16);
  length = 0;

  add(line: Uint8Array): void {
    const wanted = this.length + line.length + 1;
    if (wanted > this.bytes.length) {
      const grown = new Uint8Array(Math.max(wanted, 2 * this.bytes.length));
      grown.set(this.bytes.subarray(0, this.length));
      this.bytes = grown;
    }
    this.bytes.set(line, this.length);
    this.bytes[wanted - 1] = 10;
    this.length = wanted;
  }

  take(): Uint8Array {
    const taken = this.bytes.slice(0, this.length);
    this.length = 0;
    return taken;
  }
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[i] !== text.charCodeAt(i)) return false;
  return true;
}

/**
 * Finds the lines in a stream of JSON values. An object that holds none, and what is no JSON, becomes one token that no
 * format takes for a record, so that it is counted. Memory: a token, the plain members of an object, the lines of a chunk.
 */
export class JsonLines implements JsonSink {
  private readonly file: string;
  private readonly onNote: OnJsonNote;
  private readonly scanner: JsonScanner = new JsonScanner(this);
  private levels: Level[] = [];
  private readonly lines = new Lines();
  private pieces: JsonPiece[] = [];
  /** Number of the next line, and of the first one that waits. */
  private line = 1;
  private firstWaiting = 1;
  private sawMessage = false;
  private isNested = false;
  private lastFault: JsonFault | undefined;
  /** Once a record was met: its fields, and where in them the members of the last object stand (-1 = nowhere). */
  private fields: readonly string[] | undefined;
  private lastNames: readonly string[] = [];
  private lastPlaces: readonly number[] = [];

  constructor(file: string, onNote: OnJsonNote) {
    this.file = file;
    this.onNote = onNote;
  }

  /** Takes the next chunk and gives the lines that are complete. */
  push(chunk: Uint8Array, final = false): readonly JsonPiece[] {
    this.scanner.push(chunk, final);
    if (final || !this.isUndecided) this.flush();
    const { pieces } = this;
    this.pieces = [];
    return pieces;
  }

  /** Why the input cannot end here; undefined where it can. */
  get unfinished(): string | undefined {
    if (!this.scanner.isOpen) return undefined;
    if (this.lastFault !== undefined && this.levels.length === 0) {
      const { what, line, column } = this.lastFault;
      return `no JSON from line ${line}, column ${column} on: ${what}`;
    }
    const { line, column } = this.scanner.place;
    return `the JSON ends inside a value at line ${line}, column ${column}`;
  }

  private flush(): void {
    if (this.lines.length > 0) {
      const bytes = this.lines.take();
      this.pieces.push({ bytes, line: this.firstWaiting, fields: this.fields });
    }
    this.firstWaiting = this.line;
  }

  /** Nothing but what is no record was met so far: it goes with the first record or message. */
  private get isUndecided(): boolean {
    return this.fields === undefined && !this.sawMessage && this.lines.length < MAX_UNDECIDED;
  }

  private addLine(line: Uint8Array): void {
    this.lines.add(line);
    this.line++;
  }

  private addFaulty(text: string): void {
    this.addLine(encoder.encode(tokenOf(text.slice(0, KEPT))));
  }

  begin(isObject: boolean): void {
    const parent = this.levels[this.levels.length - 1];
    const role = roleBelow(parent, isObject);
    if (parent !== undefined && role !== "other") {
      parent.found = true;
      parent.isAnswer ||= role === "events" || role === "rows";
    }
    this.levels.push({
      role,
      name: "",
      found: false,
      isControl: false,
      isAnswer: false,
      names: [],
      values: [],
    });
  }

  end(): void {
    const level = this.levels.pop()!;
    const { role, names, values } = level;
    if (role === "cell") this.levels[this.levels.length - 1]?.names.push(cellOf(level, "field"));
    if (role === "cell") this.levels[this.levels.length - 1]?.values.push(cellOf(level, "value"));
    if (role === "row") this.endOfRow(level);
    if (role === "stray") this.addFaulty("[...]");
    if (level.isAnswer) this.noteCut(level);
    if ((role === "document" || role === "event") && !level.found) this.record(names, values);
  }

  /** An answer may say of itself that it is not whole. */
  private noteCut({ names, values }: Level): void {
    const told = (name: string): string => values[names.indexOf(name)] ?? "";
    const status = told("status");
    if (UNFINISHED.has(status))
      this.onNote(`the query is "${status}": its rows are not all`, this.line, "answer-cut");
    // Of get-log-events the tokens are nextForwardToken and nextBackwardToken, on the last page too.
    if (told("nextToken") !== "" || told("NextToken") !== "")
      this.onNote("a nextToken is set: a page of the answer is missing", this.line, "answer-cut");
  }

  key(name: string): void {
    this.levels[this.levels.length - 1]!.name = name;
  }

  string(bytes: Uint8Array, escaped: boolean): void {
    const level = this.levels[this.levels.length - 1];
    if (level === undefined) {
      this.addFaulty(textOfString(bytes, escaped) ?? "");
      return;
    }
    const { role, name } = level;
    if (isList(role) || (isHolder(role) && MESSAGES.has(name))) {
      this.message(level, bytes, escaped);
    } else if (role === "payload" || (role === "document" && name === "data" && isPayload(bytes))) {
      if (name === "data") this.payload(level, bytes);
    } else if (hasMembers(role)) {
      const text = textOfString(bytes.subarray(0, MAX_VALUE), escaped);
      if (role === "document" && name === "messageType")
        level.isControl = text === "CONTROL_MESSAGE";
      this.member(level, text ?? "");
    }
  }

  literal(bytes: Uint8Array): void {
    const level = this.levels[this.levels.length - 1];
    const text = String.fromCharCode(...bytes);
    if (level === undefined || isList(level.role)) this.addFaulty(text);
    else if (hasMembers(level.role)) this.member(level, text === "null" ? "" : wholeNumber(text));
  }

  tooLong(): void {
    const level = this.levels[this.levels.length - 1];
    this.onNote(
      `a string longer than 8 MiB before line ${this.scanner.place.line} was passed over`,
      this.line,
    );
    if (level === undefined || isList(level.role) || MESSAGES.has(level.name)) this.addFaulty("");
    if (level !== undefined) level.found = true;
  }

  fault(fault: JsonFault): void {
    const { what, line, column, text } = fault;
    const where = this.isNested ? "in a payload, " : "";
    this.onNote(
      `${where}line ${line}, column ${column}: ${what}; counted as a malformed line`,
      this.line,
    );
    this.lastFault = fault;
    this.levels = [];
    this.addFaulty(new TextDecoder().decode(text));
  }

  private member(level: Level, value: string): void {
    if (level.names.length === MAX_MEMBERS) return;
    level.names.push(level.name);
    level.values.push(value);
  }

  private message(level: Level, bytes: Uint8Array, escaped: boolean): void {
    level.found = true;
    if (startsWith(bytes, CONTROL) || this.levels.some(({ isControl }) => isControl)) return;
    if (!escaped) {
      this.messageLine(bytes);
      return;
    }
    const text = textOfString(bytes, true);
    if (text === undefined) {
      this.onNote("a backslash means nothing there; counted as a malformed line", this.line);
      this.addFaulty(new TextDecoder().decode(bytes));
    } else this.messageLine(encoder.encode(text.replace(/[\r\n]+/g, " ")));
  }

  private messageLine(line: Uint8Array): void {
    // Of a file of records a message is none.
    if (this.fields !== undefined) this.addFaulty(new TextDecoder().decode(line));
    else {
      this.sawMessage = true;
      this.addLine(line);
    }
  }

  private payload(level: Level, bytes: Uint8Array): void {
    level.found = true;
    if (this.isNested) {
      this.addFaulty("");
      return;
    }
    const outer = this.levels;
    const scanner = new JsonScanner(this);
    this.levels = [];
    this.isNested = true;
    let what = unpackPayload(this.file, bytes, (piece) => scanner.push(piece, false));
    scanner.push(new Uint8Array(0), true);
    if (scanner.isOpen) what ??= "the payload ends inside a value";
    this.levels = outer;
    this.isNested = false;
    if (what === undefined) return;
    this.onNote(`${this.here}: ${what}; counted as a malformed line`, this.line);
    this.addFaulty(new TextDecoder().decode(bytes.subarray(0, KEPT)));
  }

  private get here(): string {
    const { line, column } = this.scanner.place;
    return `line ${line}, column ${column}`;
  }

  private endOfRow({ names, values }: Level): void {
    const message = names.findIndex((name) => MESSAGES.has(name));
    if (message < 0) this.record(names, values);
    else this.messageLine(encoder.encode(values[message]!.replace(/[\r\n]+/g, " ")));
  }

  /** An object without a message: the fields of a record, or nothing known. */
  private record(names: readonly string[], values: readonly string[]): void {
    const places = this.sawMessage ? undefined : this.placesOf(names);
    if (places === undefined || this.fields === undefined) {
      this.addFaulty(`{${names.map((name, i) => `${name}:${values[i]}`).join()}}`);
      return;
    }
    const tokens = new Array<string>(this.fields.length).fill("-");
    for (const [i, place] of places.entries()) if (place >= 0) tokens[place] = tokenOf(values[i]!);
    this.addLine(encoder.encode(tokens.join(" ")));
  }

  /** Where in the fields the members stand; new ones are added. Undefined for what is no record. */
  private placesOf(names: readonly string[]): readonly number[] | undefined {
    const { lastNames } = this;
    if (names.length === lastNames.length && names.every((name, i) => name === lastNames[i]))
      return this.lastPlaces;
    const own = names.map((name) => (isTimeColumn(name) ? undefined : columnField(name)));
    const canonical = own.filter((name) => name !== undefined);
    if (duplicateOf(canonical) !== undefined) return undefined;
    const fields = this.fieldsWith(canonical);
    if (fields === undefined) return undefined;
    if (fields !== this.fields) {
      // Records so far have the fields so far; what came before the first one is no record in any format.
      if (this.fields !== undefined) this.flush();
      this.fields = fields;
    }
    this.lastNames = [...names];
    this.lastPlaces = own.map((name) => (name === undefined ? -1 : fields.indexOf(name)));
    return this.lastPlaces;
  }

  private fieldsWith(names: readonly string[]): readonly string[] | undefined {
    const { fields } = this;
    if (fields === undefined) return headerFields(names);
    const added = names.filter((name) => !fields.includes(name));
    if (added.length === 0) return fields;
    const isRelated = names.some((name) => fields.includes(name));
    return isRelated && fields.length + added.length <= MAX_FIELDS
      ? [...fields, ...added]
      : undefined;
  }
}

/** A list of what holds lines: a string in it is a line itself. */
function isList(role: Role): boolean {
  return role === "documents" || role === "events" || role === "rows";
}

function isHolder(role: Role): boolean {
  return role === "document" || role === "event";
}

function hasMembers(role: Role): boolean {
  return isHolder(role) || role === "cell";
}

function cellOf({ names, values }: Level, name: string): string {
  return values[names.indexOf(name)] ?? "";
}

function roleBelow(parent: Level | undefined, isObject: boolean): Role {
  if (parent === undefined) return isObject ? "document" : "documents";
  const { role, name } = parent;
  if (isObject) {
    if (role === "documents" || role === "rows") return "document";
    if (role === "events") return "event";
    if (role === "row") return "cell";
    return role === "document" && (name === "awslogs" || name === "kinesis") ? "payload" : "other";
  }
  if (role === "rows") return "row";
  if (isList(role)) return "stray";
  if (role !== "document") return "other";
  if (name === "events" || name === "logEvents") return "events";
  if (name === "results") return "rows";
  return name === "Records" || name === "records" ? "documents" : "other";
}
