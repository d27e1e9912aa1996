// What a subscription hands over: gzip of JSON, in base64.
import { Gunzip } from "fflate";
import { isGzip, refuseBomb } from "./gzip-limits.js";

/** Compressed bytes a step takes: at most 16 MiB of output wait to be handed on. */
const STEP = 16_384;

/** How base64 of gzip begins. */
const BASE64_OF_GZIP: readonly number[] = [..."H4sI"].map((c) => c.charCodeAt(0));

/** Whether a string holds gzip in base64. */
export function isPayload(bytes: Uint8Array): boolean {
  return BASE64_OF_GZIP.every((byte, i) => bytes[i] === byte);
}

function bytesOfBase64(bytes: Uint8Array): Uint8Array | undefined {
  try {
    const binary = atob(new TextDecoder("latin1").decode(bytes));
    const decoded = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) decoded[i] = binary.charCodeAt(i);
    return decoded;
  } catch {
    return undefined;
  }
}

/**
 * Unpacks a payload piece by piece, and gives why it is none or not whole; undefined = it is. Throws `log-bomb`; `name` is
 * for its message.
 */
export function unpackPayload(
  name: string,
  bytes: Uint8Array,
  take: (piece: Uint8Array) => void,
): string | undefined {
  const packed = bytesOfBase64(bytes);
  if (packed === undefined || !isGzip(packed)) return "the payload is no gzip in base64";
  let output = 0;
  let ready: Uint8Array[] = [];
  const gunzip = new Gunzip((piece) => ready.push(piece));
  for (let at = 0; at < packed.length; at += STEP) {
    let fault: unknown;
    try {
      gunzip.push(packed.subarray(at, at + STEP), at + STEP >= packed.length);
    } catch (error) {
      fault = error;
    }
    for (const piece of ready) {
      output += piece.length;
      refuseBomb(name, packed.length, output);
      take(piece);
    }
    ready = [];
    if (fault !== undefined)
      return `the payload cannot be unpacked: ${fault instanceof Error ? fault.message : String(fault)}`;
  }
  return undefined;
}
