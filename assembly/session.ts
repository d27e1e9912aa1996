// Wires the parts of the core to one session: start, rule image, and the step from text to the look-ahead.

import "./rows";
import { setConnectionLimit } from "./conntrack/eviction";
import { connectionsInit } from "./conntrack/table";
import { endpointsInit } from "./conntrack/endpoints";
import { openersInit } from "./conntrack/openers";
import { decode, decodeInit, decodeStatus } from "./decode/decode";
import {
  interfacesReserve,
  interfaceState,
  internInterface,
  interfaceTemplate,
} from "./decode/interfaces";
import { partIsRecord, partNext, partStatus, partTake, partTextEnd } from "./decode/part";
import { countersInit } from "./evaluate/counters";
import { ingest, ingestRow } from "./evaluate/ingest";
import { roomForBatch } from "./evaluate/session";
import { addMatcher, imageCount, imageInterfaces } from "./evaluate/timelines";
import { tuplesInit } from "./evaluate/tuples";
import { blockPtr, blocksInit } from "./lookahead/blocks";
import { listsInit } from "./lookahead/lists";
import { keepsText } from "./lookahead/rows";
import { slotsInit } from "./lookahead/slots";
import { defaultPolicy, interfaceCount, interfaceRow, matcherCreate } from "./match/matcher";
import { seedHash } from "./memory/hash";
import { DIRECTION_EGRESS, DIRECTION_INGRESS } from "./shared/codes";
import * as I from "./shared/image";
import * as L from "./shared/layout";

/** Sets up an empty session, once per instance: `timelines` judge, `fold` says what becomes rows of openers (FOLD_*). */
export function start(maxConnections: u32, timelines: u32, fold: u32): i32 {
  const ready =
    countersInit() &&
    decodeInit() &&
    listsInit() &&
    blocksInit() &&
    slotsInit() &&
    openersInit(fold, timelines) &&
    connectionsInit(timelines, fold != <u32>L.FOLD_NONE) &&
    endpointsInit(min(maxConnections, 0x7fffffff) << 1) &&
    tuplesInit();
  setConnectionLimit(maxConnections);
  return ready ? 0 : L.STATUS_NO_MEMORY;
}

/**
 * Takes the rule image at `image` (kept, not copied); images are numbered in the order of these calls. The interfaces of
 * the first are interned, so that an interface's number is its row in every image: all images of a session list the same
 * interfaces. The template of interfaces (flags PASSES, timers) must stand, and room for all of them be reserved.
 * Its matcher, or a negative status.
 */
export function loadImage(image: usize, bytes: usize): i32 {
  const first = imageCount == 0;
  if (first) seedHash(mixImage(image, bytes));
  const matcher = matcherCreate(image, bytes);
  if (matcher == 0 || imageCount >= <u32>L.MAX_IMAGES) return L.STATUS_BAD_IMAGE;
  const known = interfaceCount(matcher);
  if (!first && known != imageInterfaces) return L.STATUS_BAD_IMAGE;
  addMatcher(matcher);
  const ids =
    image + <usize>load<u32>(image + I.SECTION_IDS * I.IMAGE_SECTION_BYTES, I.IMAGE_OFF_SECTIONS);
  for (let i: u32 = 0; i < known; i++) {
    const row = interfaceRow(matcher, i);
    if (first) {
      const index = internInterface(
        ids + load<u32>(row, I.IMAGE_INTERFACE_ID),
        load<u32>(row, I.IMAGE_INTERFACE_ID_BYTES),
      );
      if (index != i) return L.STATUS_BAD_IMAGE;
      memory.copy(interfaceState(i) + L.STATE_TIMERS, row + I.IMAGE_INTERFACE_TIMERS, 24);
    }
    const given = load<u32>(row, I.IMAGE_INTERFACE_FLAGS);
    const acls =
      load<u32>(row, I.IMAGE_INTERFACE_ACL_INGRESS) | load<u32>(row, I.IMAGE_INTERFACE_ACL_EGRESS);
    addFlags(interfaceState(i), given, (given & I.IMAGE_FLAG_HAS_GROUPS) != 0 || acls != 0);
  }
  // From here on an interface that is first seen in the log is one that no image holds.
  if (
    defaultPolicy(matcher, DIRECTION_INGRESS) != 0 ||
    defaultPolicy(matcher, DIRECTION_EGRESS) != 0
  )
    addFlags(interfaceTemplate(), I.IMAGE_FLAG_KNOWN, true);
  return <i32>matcher;
}

// What one image says of an interface beside what others said.
function addFlags(state: usize, given: u32, rules: bool): void {
  let flags = load<u32>(state, L.STATE_FLAGS);
  if (given & I.IMAGE_FLAG_KNOWN) flags |= L.INTERFACE_KNOWN;
  if (rules) flags |= L.INTERFACE_HAS_RULES;
  if (given & I.IMAGE_FLAG_ADDRESSES) flags |= L.INTERFACE_ADDRESSES;
  if (given & I.IMAGE_FLAG_NLB_EVIDENCE) flags |= L.INTERFACE_EVIDENCE;
  store<u32>(state, flags, L.STATE_FLAGS);
}

// A word that depends on every word of the image.
function mixImage(image: usize, bytes: usize): u64 {
  let mixed: u64 = bytes;
  for (let at: usize = 0; at + 8 <= bytes; at += 8)
    mixed = (mixed ^ load<u64>(image + at)) * 0x9e3779b97f4a7c15;
  return mixed;
}

/** Room for `rows` more interface ids. 0 or STATUS_NO_MEMORY. */
export function reserveInterfaces(rows: u32): i32 {
  return interfacesReserve(rows) ? 0 : L.STATUS_NO_MEMORY;
}

let stopped: i32 = 0;

/**
 * Decodes up to a batch of records of the current chunk and takes them into the look-ahead; returns how many.
 * decodeStopped(): STATUS_DONE = chunk used up, STATUS_MORE = call again, STATUS_RESERVE = reserve first,
 * STATUS_HEADER = a header line stands at decodeHeaderPtr, negative = error.
 */
export function decodeInto(plan: usize, file: u32, block: u32, rows: u32, counting: bool): u32 {
  if (!roomForBatch(rows)) {
    stopped = L.STATUS_RESERVE;
    return 0;
  }
  const decoded = decode(plan, 0, rows, counting);
  stopped = decodeStatus();
  ingest(decoded, file, <u32>plan, block);
  return decoded;
}

export function decodeStopped(): i32 {
  return stopped;
}

/**
 * Takes up to a batch of rows of the current part (partBegin) into the look-ahead; returns how many were records. Where
 * records are wanted their text goes into the block, behind the `filled` bytes that it holds; columnsFilled() says how
 * far. decodeStopped(): STATUS_DONE = part used up, STATUS_MORE = call again, STATUS_RESERVE = reserve first, STATUS_BLOCK
 * = give another block, negative = error.
 */
export function columnsInto(
  plan: usize,
  file: u32,
  block: u32,
  filled: u32,
  rows: u32,
  counting: bool,
): u32 {
  if (!roomForBatch(rows)) {
    stopped = L.STATUS_RESERVE;
    return 0;
  }
  const text = keepsText ? blockPtr(block) : 0;
  const from = partNext();
  const to = partTake(
    plan,
    rows,
    keepsText ? text + <usize>filled : 0,
    text + <usize>L.BLOCK_BYTES,
    counting,
  );
  stopped = partStatus();
  columnsText = keepsText ? <u32>(partTextEnd() - text) : 0;
  let records: u32 = 0;
  for (let row = from; row < to; row++) {
    if (!partIsRecord(row)) continue;
    ingestRow(row, file, <u32>plan, block);
    records++;
  }
  return records;
}

let columnsText: u32 = 0;

/** Bytes of the block that hold text after columnsInto. */
export function columnsFilled(): u32 {
  return columnsText;
}
