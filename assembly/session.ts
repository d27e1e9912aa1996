// Wires the parts of the core to one session: start, rule image, and the step from text to the look-ahead.

import "./rows";
import { connectionsInit } from "./conntrack/table";
import { endpointsInit } from "./conntrack/endpoints";
import { columnsInit } from "./decode/columns";
import { decode, decodeStatus } from "./decode/decode";
import {
  interfacesInit,
  interfacesReserve,
  interfaceState,
  internInterface,
  interfaceTemplate,
} from "./decode/interfaces";
import { malformedInit } from "./decode/malformed";
import { scanInit } from "./decode/scan";
import { countersInit } from "./evaluate/counters";
import { ingest, setMatcher } from "./evaluate/ingest";
import { roomForBatch } from "./evaluate/session";
import { tuplesInit } from "./evaluate/tuples";
import { blocksInit } from "./lookahead/blocks";
import { listsInit } from "./lookahead/lists";
import { rowsInit } from "./lookahead/rows";
import { slotsInit } from "./lookahead/slots";
import { defaultPolicy, interfaceCount, interfaceRow, matcherCreate } from "./match/matcher";
import { seedHash } from "./memory/hash";
import { DIRECTION_EGRESS, DIRECTION_INGRESS } from "./shared/codes";
import * as I from "./shared/image";
import * as L from "./shared/layout";

/** Sets up an empty session, once per instance. 0 or STATUS_NO_MEMORY. */
export function start(maxConnections: u32): i32 {
  const ready =
    countersInit() &&
    malformedInit() &&
    scanInit() &&
    columnsInit() &&
    interfacesInit() &&
    rowsInit() &&
    listsInit() &&
    blocksInit() &&
    slotsInit() &&
    connectionsInit(maxConnections) &&
    endpointsInit(min(maxConnections, 0x7fffffff) << 1) &&
    tuplesInit();
  return ready ? 0 : L.STATUS_NO_MEMORY;
}

/**
 * Uses the rule image at `image` (kept, not copied) for everything that follows; its interfaces are interned first, so
 * that an interface's number is its row in the image. The template of interfaces (flags PASSES, timers) must stand.
 * Room for all of the image's interfaces must have been reserved.
 */
export function loadImage(image: usize, bytes: usize): i32 {
  seedHash(mixImage(image, bytes));
  const matcher = matcherCreate(image, bytes);
  if (matcher == 0) return L.STATUS_BAD_IMAGE;
  const known = interfaceCount(matcher);
  setMatcher(matcher, known);
  const ids =
    image + <usize>load<u32>(image + I.SECTION_IDS * I.IMAGE_SECTION_BYTES, I.IMAGE_OFF_SECTIONS);
  for (let i: u32 = 0; i < known; i++) {
    const row = interfaceRow(matcher, i);
    const index = internInterface(
      ids + load<u32>(row, I.IMAGE_INTERFACE_ID),
      load<u32>(row, I.IMAGE_INTERFACE_ID_BYTES),
    );
    if (index != i) return L.STATUS_BAD_IMAGE;
    const state = interfaceState(i);
    const given = load<u32>(row, I.IMAGE_INTERFACE_FLAGS);
    let flags = load<u32>(state, L.STATE_FLAGS) | L.INTERFACE_KNOWN | L.INTERFACE_IMAGE;
    if (given & I.IMAGE_FLAG_HAS_GROUPS) flags |= L.INTERFACE_HAS_GROUPS;
    if (given & I.IMAGE_FLAG_ADDRESSES) flags |= L.INTERFACE_ADDRESSES;
    if (given & I.IMAGE_FLAG_NLB_EVIDENCE) flags |= L.INTERFACE_EVIDENCE;
    store<u32>(state, flags, L.STATE_FLAGS);
    store<u32>(state, load<u32>(row, I.IMAGE_INTERFACE_INGRESS), L.STATE_INGRESS_POLICY);
    store<u32>(state, load<u32>(row, I.IMAGE_INTERFACE_EGRESS), L.STATE_EGRESS_POLICY);
    memory.copy(state + L.STATE_TIMERS, row + I.IMAGE_INTERFACE_TIMERS, 24);
  }
  // From here on an interface that is first seen in the log is one that the image does not hold.
  const template = interfaceTemplate();
  const ingress = defaultPolicy(matcher, DIRECTION_INGRESS);
  const egress = defaultPolicy(matcher, DIRECTION_EGRESS);
  if (ingress != 0 || egress != 0) {
    store<u32>(
      template,
      load<u32>(template, L.STATE_FLAGS) | L.INTERFACE_KNOWN | L.INTERFACE_HAS_GROUPS,
      L.STATE_FLAGS,
    );
    store<u32>(template, ingress, L.STATE_INGRESS_POLICY);
    store<u32>(template, egress, L.STATE_EGRESS_POLICY);
  }
  return <i32>matcher;
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
