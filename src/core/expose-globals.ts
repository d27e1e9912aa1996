// The core's own variables are not exported: nobody but the core has a use for them, except who keeps its whole state. This
// adds their export to the module's bytes, so that the core that is shipped stays as it is optimised.
import { FlowError } from "../errors.js";

const HEADER = 8;
const SECTION_IMPORT = 2;
const SECTION_GLOBAL = 6;
const SECTION_EXPORT = 7;
const EXPORT_GLOBAL = 3;
const CONST_I32 = 0x41;
const CONST_I64 = 0x42;
const END = 0x0b;

/** Export names of the variables: with their number behind. */
export const GLOBAL_PREFIX = "variable";

interface Section {
  readonly id: number;
  readonly content: Uint8Array;
}

/** Reads unsigned LEB128 numbers. */
class Reader {
  private readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  get ended(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    return this.bytes[this.at++] ?? 0;
  }

  number(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  take(length: number): Uint8Array {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

function numberBytes(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

function sectionsOf(module: Uint8Array): Section[] {
  const reader = new Reader(module, HEADER);
  const sections: Section[] = [];
  while (!reader.ended) {
    const id = reader.byte();
    sections.push({ id, content: reader.take(reader.number()) });
  }
  return sections;
}

function strange(what: string): FlowError {
  return new FlowError("core-invalid", `the core cannot be kept: ${what}`, {
    hint: "reinstall the package; core.wasm must be the file that came with it",
  });
}

/** Numbers of the globals that may change. */
function variablesOf(content: Uint8Array): number[] {
  const reader = new Reader(content);
  const count = reader.number();
  const variables: number[] = [];
  for (let i = 0; i < count; i++) {
    reader.byte();
    if (reader.byte() === 1) variables.push(i);
    const opcode = reader.byte();
    if (opcode !== CONST_I32 && opcode !== CONST_I64) throw strange(`a global begins as ${opcode}`);
    reader.number();
    if (reader.byte() !== END) throw strange("a global does not end");
  }
  return variables;
}

function withExports(content: Uint8Array, variables: readonly number[]): Uint8Array {
  const reader = new Reader(content);
  const count = reader.number();
  const added = variables.flatMap((global, i) => {
    const name = new TextEncoder().encode(`${GLOBAL_PREFIX}${i}`);
    return [...numberBytes(name.length), ...name, EXPORT_GLOBAL, ...numberBytes(global)];
  });
  return Uint8Array.from([
    ...numberBytes(count + variables.length),
    ...content.subarray(reader.at),
    ...added,
  ]);
}

/**
 * The same module with every variable exported, as GLOBAL_PREFIX and a number, in their order. Throws `core-invalid` for a
 * module that the core's compiler does not write.
 */
export function exposeGlobals(module: Uint8Array): Uint8Array<ArrayBuffer> {
  const sections = sectionsOf(module);
  if (sections.some(({ id }) => id === SECTION_IMPORT)) throw strange("it has imports");
  const globals = sections.find(({ id }) => id === SECTION_GLOBAL);
  const variables = globals === undefined ? [] : variablesOf(globals.content);
  const parts: Uint8Array[] = [module.subarray(0, HEADER)];
  for (const { id, content } of sections) {
    const own = id === SECTION_EXPORT ? withExports(content, variables) : content;
    parts.push(Uint8Array.from([id, ...numberBytes(own.length)]), own);
  }
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
