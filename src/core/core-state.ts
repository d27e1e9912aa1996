// What a core is made of beside its linear memory.
import { GLOBAL_PREFIX } from "./expose-globals.js";

/** Between two calls; can be written as JSON. */
export interface CoreState {
  /** Values of the core's variables, in decimals: some have 64 bits. */
  readonly variables: readonly string[];
  /** Bytes of linear memory, whole pages. */
  readonly memoryBytes: number;
  readonly block: number;
  readonly filled: number;
  readonly holdsRows: boolean;
  readonly staging: StagingState;
}

/** Areas of linear memory that parts are put into. */
export interface StagingState {
  readonly area: number;
  readonly size: number;
  /** Of dictionaries, by number of column; null = none. */
  readonly blocks: readonly ({ readonly block: number; readonly bytes: number } | null)[];
}

const PAGE = 65_536;

function variablesOf(exports: object): WebAssembly.Global[] {
  const named = exports as Readonly<Record<string, unknown>>;
  const found: WebAssembly.Global[] = [];
  for (let i = 0; ; i++) {
    const variable = named[`${GLOBAL_PREFIX}${i}`];
    if (!(variable instanceof WebAssembly.Global)) return found;
    found.push(variable);
  }
}

/** Values of all variables of a core made of `exposeGlobals`. */
export function takeVariables(exports: object): string[] {
  const variables = variablesOf(exports);
  if (variables.length === 0) throw new Error("the core's variables are not exported");
  return variables.map(({ value }) => String(value));
}

/** Puts values back that takeVariables gave, of the same module. */
export function putVariables(exports: object, values: readonly string[]): void {
  const variables = variablesOf(exports);
  if (variables.length !== values.length)
    throw new Error(`${values.length} values for ${variables.length} variables of the core`);
  for (const [i, variable] of variables.entries()) {
    const value = values[i]!;
    variable.value = typeof variable.value === "bigint" ? BigInt(value) : Number(value);
  }
}

/** Lets memory grow to so many bytes. False where it cannot. */
export function growMemory(memory: WebAssembly.Memory, bytes: number): boolean {
  const missing = (bytes - memory.buffer.byteLength) / PAGE;
  if (missing <= 0) return true;
  try {
    memory.grow(missing);
    return true;
  } catch {
    return false;
  }
}
