import * as image from "../contract.js";
import { MAX_IMAGE_BYTES, tooLarge, type Words } from "./words.js";

/** One section's content: bytes, in parts that follow each other, and how many rows they are. */
export interface Section {
  readonly parts: readonly Uint8Array[];
  readonly count: number;
}

export interface Header {
  readonly rules: number;
  readonly names: number;
  readonly attachIngress: number;
  readonly attachEgress: number;
}

/** A section of rows of `stride` bytes. */
export function sectionOf(words: Words, stride: number): Section {
  const bytes = bytesOf(words.view());
  return { parts: [bytes], count: bytes.length / stride };
}

export function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

export function sizeOf({ parts }: Section): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

export function alignUp(bytes: number): number {
  return Math.ceil(bytes / image.IMAGE_ALIGN) * image.IMAGE_ALIGN;
}

/** Every single changed word changes the sum: each step is a bijection of the running value. O(bytes). */
export function checksumOf(bytes: Uint8Array): number {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >>> 2);
  let sum = image.IMAGE_CHECKSUM_SEED;
  for (let i = image.IMAGE_OFF_RULES / 4; i < words.length; i++) {
    const mixed = Math.imul(sum ^ words[i]!, image.IMAGE_CHECKSUM_PRIME);
    sum = (mixed << image.IMAGE_CHECKSUM_ROTATE) | (mixed >>> (32 - image.IMAGE_CHECKSUM_ROTATE));
  }
  return sum >>> 0;
}

/** Puts header and sections together. Copies every section once; the result shares nothing with them. */
export function assembleImage(header: Header, sections: readonly Section[]): Uint8Array {
  let total = image.IMAGE_HEADER_BYTES;
  for (const section of sections) total = alignUp(total) + sizeOf(section);
  total = alignUp(total);
  if (total > MAX_IMAGE_BYTES) throw tooLarge(total);
  const bytes = new Uint8Array(total);
  const words = new Uint32Array(bytes.buffer);
  words[image.IMAGE_OFF_MAGIC / 4] = image.IMAGE_MAGIC;
  words[image.IMAGE_OFF_VERSION / 4] = image.IMAGE_VERSION;
  words[image.IMAGE_OFF_BYTES / 4] = total;
  words[image.IMAGE_OFF_RULES / 4] = header.rules;
  words[image.IMAGE_OFF_NAMES / 4] = header.names;
  words[image.IMAGE_OFF_ATTACH_INGRESS / 4] = header.attachIngress;
  words[image.IMAGE_OFF_ATTACH_EGRESS / 4] = header.attachEgress;
  let at = image.IMAGE_HEADER_BYTES;
  sections.forEach((section, index) => {
    at = alignUp(at);
    const row = (image.IMAGE_OFF_SECTIONS + index * image.IMAGE_SECTION_BYTES) / 4;
    words[row + image.IMAGE_SECTION_OFF / 4] = at;
    words[row + image.IMAGE_SECTION_COUNT / 4] = section.count;
    for (const part of section.parts) {
      bytes.set(part, at);
      at += part.length;
    }
  });
  words[image.IMAGE_OFF_CHECKSUM / 4] = checksumOf(bytes);
  return bytes;
}
