// JSON values of a stream of bytes, token by token: nothing is held but the token under way, and nothing recurses.

/** What a scanner tells, in the order of the document. Bytes are views: valid until the call returns. */
export interface JsonSink {
  begin(isObject: boolean): void;
  end(): void;
  /** Name of a member; its value follows. */
  key(name: string): void;
  /** A string as it stands between its quotes; `escaped`: with backslashes in it. */
  string(bytes: Uint8Array, escaped: boolean): void;
  /** A number, or one of true, false and null. */
  literal(bytes: Uint8Array): void;
  /** A string longer than MAX_STRING, of which nothing is kept. */
  tooLong(): void;
  /** The value under way is none, and over. */
  fault(fault: JsonFault): void;
}

/** Where a document is no JSON. */
export interface JsonFault {
  readonly what: string;
  /** From 1; the column in bytes. */
  readonly line: number;
  readonly column: number;
  /** What stands there, to the end of its line, at most 200 bytes. */
  readonly text: Uint8Array;
}

/** No log is nested deeper. */
const MAX_DEPTH = 64;
/** A subscription's payload has 6 MB in base64 at most. */
const MAX_STRING = 8 << 20;
const MAX_LITERAL = 400;
const KEPT = 200;

const LF = 10;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

const LITERAL = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

/** What may come next. */
type Expected = "value" | "value or ]" | "name" | "name or }" | "colon" | "comma or end";

const WORDS: Readonly<Record<Expected, string>> = {
  value: "a value",
  "value or ]": "a value or ]",
  name: 'a name in "',
  "name or }": 'a name in " or }',
  colon: "a colon",
  "comma or end": "a comma or the end of the list or object",
};

function isBlank(byte: number): boolean {
  return byte === 32 || byte === LF || byte === 13 || byte === 9;
}

/** The text of a string's bytes; undefined for backslashes that mean nothing. */
export function textOfString(bytes: Uint8Array, escaped: boolean): string | undefined {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  if (!escaped) return text;
  try {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: borne where they stand, as in strings without backslashes
    return JSON.parse(`"${text.replace(/[\x00-\x1f]/g, " ")}"`) as string;
  } catch {
    return undefined;
  }
}

function nameOf(bytes: Uint8Array, escaped: boolean): string | undefined {
  if (escaped || bytes.length > 64 || bytes.some((byte) => byte > 126))
    return textOfString(bytes, escaped);
  return String.fromCharCode(...bytes);
}

/**
 * Scans values that stand one after the other, with or without blanks between, cut into chunks anywhere. After a fault it
 * goes on with the next line that begins with a bracket. Memory: one token, 8 MiB at most.
 */
export class JsonScanner {
  private readonly sink: JsonSink;
  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;
  /** Of the first byte held, in the stream. */
  private base = 0;
  private line = 1;
  private lineStart = 0;
  /** Whether each open level is an object. */
  private levels: boolean[] = [];
  private expected: Expected = "value";
  private state: "scan" | "long string" | "fault" | "lost" = "scan";
  /** In a long string: the next byte stands behind a backslash. Lost: the next byte begins a line. */
  private isMarked = false;
  /** Of the string under way: bytes in which its end is not. */
  private searched = 0;
  /** What the fault is that waits for the rest of its line. */
  private what = "";
  /** Memory of its own, for tokens that chunks cut. */
  private own: Uint8Array = new Uint8Array(0);

  constructor(sink: JsonSink) {
    this.sink = sink;
  }

  /** Whether the input ended inside a value, or behind a fault. */
  get isOpen(): boolean {
    return this.levels.length > 0 || this.state !== "scan" || this.at < this.bytes.length;
  }

  /** Line and column (in bytes) of the next byte. */
  get place(): { readonly line: number; readonly column: number } {
    return { line: this.line, column: this.base + this.at - this.lineStart + 1 };
  }

  /** Takes the next chunk; `final`: nothing follows it. */
  push(chunk: Uint8Array, final: boolean): void {
    this.add(chunk);
    while (this.step(final)) {
      // One token, or one stretch of what is passed over.
    }
  }

  private add(chunk: Uint8Array): void {
    const rest = this.bytes.subarray(this.at);
    this.base += this.at;
    this.at = 0;
    if (rest.length === 0) {
      this.bytes = chunk;
      return;
    }
    const end = rest.buffer === this.own.buffer ? rest.byteOffset + rest.length : rest.length;
    if (rest.buffer === this.own.buffer && end + chunk.length <= this.own.length) {
      this.own.set(chunk, end);
      this.bytes = this.own.subarray(end - rest.length, end + chunk.length);
      return;
    }
    // Twice the room: a string that many chunks make up is not copied for each of them.
    this.own = new Uint8Array(2 * (rest.length + chunk.length));
    this.own.set(rest);
    this.own.set(chunk, rest.length);
    this.bytes = this.own.subarray(0, rest.length + chunk.length);
  }

  /** Whether there may be more to do with the bytes held. */
  private step(final: boolean): boolean {
    if (this.state === "lost") return this.search();
    if (this.state === "long string") return this.passString();
    if (this.state === "fault") return this.report(final);
    this.passBlanks();
    if (this.at === this.bytes.length) return false;
    const byte = this.bytes[this.at]!;
    switch (this.expected) {
      case "colon":
        if (byte !== COLON) return this.unexpected();
        this.at++;
        this.expected = "value";
        return true;
      case "comma or end":
        if (byte === COMMA) {
          this.at++;
          this.expected = this.levels[this.levels.length - 1] === true ? "name" : "value";
          return true;
        }
        return this.close(byte);
      case "name":
      case "name or }":
        if (byte === QUOTE) return this.string(true);
        return this.expected === "name" ? this.unexpected() : this.close(byte);
      default:
        return this.value(byte, final);
    }
  }

  private value(byte: number, final: boolean): boolean {
    if (byte === QUOTE) return this.string(false);
    if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      if (this.levels.length === MAX_DEPTH) return this.fail(`nested deeper than ${MAX_DEPTH}`);
      const isObject = byte === OPEN_OBJECT;
      this.at++;
      this.levels.push(isObject);
      this.expected = isObject ? "name or }" : "value or ]";
      this.sink.begin(isObject);
      return true;
    }
    if (byte === CLOSE_LIST && this.expected === "value or ]") return this.close(byte);
    return this.literal(final);
  }

  private close(byte: number): boolean {
    const isObject = this.levels[this.levels.length - 1];
    if (byte !== (isObject === true ? CLOSE_OBJECT : CLOSE_LIST)) return this.unexpected();
    this.at++;
    this.levels.pop();
    this.sink.end();
    this.valueEnded();
    return true;
  }

  private valueEnded(): void {
    this.expected = this.levels.length === 0 ? "value" : "comma or end";
  }

  private passBlanks(): void {
    const { bytes } = this;
    let { at } = this;
    for (; at < bytes.length && isBlank(bytes[at]!); at++) {
      if (bytes[at] !== LF) continue;
      this.line++;
      this.lineStart = this.base + at + 1;
    }
    this.at = at;
  }

  private string(isName: boolean): boolean {
    const { bytes } = this;
    const from = this.at + 1;
    const end = this.quoteFrom(from, from + this.searched);
    const body = bytes.subarray(from, end < 0 ? bytes.length : end);
    // No string of JSON holds a line end; a quote that is missing must not swallow the lines behind it.
    if (body.includes(LF, this.searched)) return this.fail("a string is not closed on its line");
    if (body.length > MAX_STRING) {
      if (isName) return this.fail("a name is longer than 8 MiB");
      this.searched = 0;
      this.state = "long string";
      this.at = from;
      return true;
    }
    if (end < 0) {
      this.searched = body.length;
      return false;
    }
    this.searched = 0;
    const escaped = body.includes(BACKSLASH);
    if (isName) {
      const name = nameOf(body, escaped);
      if (name === undefined) return this.fail("a backslash means nothing there");
      this.at = end + 1;
      this.expected = "colon";
      this.sink.key(name);
      return true;
    }
    this.at = end + 1;
    this.sink.string(body, escaped);
    this.valueEnded();
    return true;
  }

  private quoteFrom(from: number, searchFrom: number): number {
    for (let at = searchFrom; ; at++) {
      at = this.bytes.indexOf(QUOTE, at);
      if (at < 0 || !this.isBehindBackslash(at, from)) return at;
    }
  }

  private isBehindBackslash(at: number, from: number): boolean {
    let count = 0;
    while (at - 1 - count >= from && this.bytes[at - 1 - count] === BACKSLASH) count++;
    return count % 2 === 1;
  }

  private passString(): boolean {
    const { bytes } = this;
    for (; this.at < bytes.length; this.at++) {
      const byte = bytes[this.at];
      if (this.isMarked) this.isMarked = false;
      else if (byte === BACKSLASH) this.isMarked = true;
      else if (byte === LF) return this.fail("a string is not closed on its line");
      else if (byte === QUOTE) {
        this.at++;
        this.state = "scan";
        this.sink.tooLong();
        this.valueEnded();
        return true;
      }
    }
    return false;
  }

  private literal(final: boolean): boolean {
    const { bytes, at } = this;
    let end = at;
    while (end < bytes.length && isLiteral(bytes[end]!)) end++;
    if (end === at) return this.unexpected();
    if (end - at > MAX_LITERAL) return this.unexpected();
    if (end === bytes.length && !final) return false;
    const body = bytes.subarray(at, end);
    if (!LITERAL.test(String.fromCharCode(...body))) return this.unexpected();
    this.at = end;
    this.sink.literal(body);
    this.valueEnded();
    return true;
  }

  private unexpected(): boolean {
    return this.fail(`${WORDS[this.expected]} is expected`);
  }

  private fail(what: string): boolean {
    this.levels = [];
    this.expected = "value";
    this.state = "fault";
    this.isMarked = false;
    this.searched = 0;
    this.what = what;
    return true;
  }

  // Not before the rest of the line is there: what is told must not depend on where chunks end.
  private report(final: boolean): boolean {
    const rest = this.bytes.subarray(this.at, this.at + KEPT);
    const lineEnd = rest.indexOf(LF);
    if (lineEnd < 0 && rest.length < KEPT && !final) return false;
    const text = lineEnd < 0 ? rest : rest.subarray(0, lineEnd);
    this.state = "lost";
    this.sink.fault({ what: this.what, ...this.place, text });
    return true;
  }

  private search(): boolean {
    const { bytes } = this;
    while (this.at < bytes.length) {
      const byte = bytes[this.at];
      if (this.isMarked && (byte === OPEN_OBJECT || byte === OPEN_LIST)) {
        this.state = "scan";
        this.isMarked = false;
        return true;
      }
      const lineEnd = bytes.indexOf(LF, this.at);
      this.at = lineEnd < 0 ? bytes.length : lineEnd + 1;
      this.isMarked = lineEnd >= 0;
      if (lineEnd < 0) continue;
      this.line++;
      this.lineStart = this.base + this.at;
    }
    return false;
  }
}

/** Letters, digits and signs: whatever else stands there ends it. */
function isLiteral(byte: number): boolean {
  return (
    (byte >= 97 && byte <= 122) ||
    (byte >= 48 && byte <= 57) ||
    byte === 43 ||
    byte === 45 ||
    byte === 46 ||
    byte === 69
  );
}
