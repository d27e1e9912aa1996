// Columns of words, read as numbers.tsreads numbers: the usual ones without a branch, the rows of all others listed.

import {
  ACTION_ACCEPT,
  ACTION_REJECT,
  DIRECTION_EGRESS,
  DIRECTION_INGRESS,
  STATUS_OK,
} from "../shared/codes";
import { MAX_INTERFACE_ID_BYTES } from "../shared/layout";
import { entryAt, passedAt } from "./batch";

// Little-endian words of their letters.
export const ACCEPT: u64 = 0x545045434341;
export const REJECT: u64 = 0x5443454a4552;
export const SIX_BYTES: u64 = 0xffffffffffff;
export const OK: u32 = 0x4b4f;
export const INGRESS: u64 = 0x73736572676e69;
export const SEVEN_BYTES: u64 = 0xffffffffffffff;
export const EGRESS: u64 = 0x737365726765;

/** action: ACCEPT and REJECT. */
export function readActions(token: u32, rows: u32, to: usize): u32 {
  const skip = (<usize>token) << 2;
  const passed = passedAt();
  let list = passed;
  let at = entryAt(0);
  for (let row: u32 = 0; row < rows; row++) {
    const entry = <usize>load<u32>(at) + skip;
    at += 4;
    const before = <usize>load<u32>(entry);
    const length = load<u32>(entry, 4) - <u32>before - 1;
    const word = load<u64>(before, 1) & SIX_BYTES;
    const accepts = <u32>(word == ACCEPT);
    const rejects = <u32>(word == REJECT);
    store<u8>(to + row, <u8>(accepts * ACTION_ACCEPT + rejects * ACTION_REJECT));
    if ((accepts | rejects) == 0 || length != 6) {
      store<u32>(list, row);
      list += 4;
    }
  }
  return <u32>((list - passed) >> 2);
}

/** log-status: OK. */
export function readStatuses(token: u32, rows: u32, to: usize): u32 {
  const skip = (<usize>token) << 2;
  const passed = passedAt();
  let list = passed;
  let at = entryAt(0);
  for (let row: u32 = 0; row < rows; row++) {
    const entry = <usize>load<u32>(at) + skip;
    at += 4;
    const before = <usize>load<u32>(entry);
    const length = load<u32>(entry, 4) - <u32>before - 1;
    store<u8>(to + row, STATUS_OK);
    if (load<u16>(before, 1) != OK || length != 2) {
      store<u32>(list, row);
      list += 4;
    }
  }
  return <u32>((list - passed) >> 2);
}

/** flow-direction: ingress and egress. */
export function readDirections(token: u32, rows: u32, to: usize): u32 {
  const skip = (<usize>token) << 2;
  const passed = passedAt();
  let list = passed;
  let at = entryAt(0);
  for (let row: u32 = 0; row < rows; row++) {
    const entry = <usize>load<u32>(at) + skip;
    at += 4;
    const before = <usize>load<u32>(entry);
    const length = load<u32>(entry, 4) - <u32>before - 1;
    const word = load<u64>(before, 1);
    const ingress = <u32>((word & SEVEN_BYTES) == INGRESS) & <u32>(length == 7);
    const egress = <u32>((word & SIX_BYTES) == EGRESS) & <u32>(length == 6);
    store<u8>(to + row, <u8>(ingress * DIRECTION_INGRESS + egress * DIRECTION_EGRESS));
    if ((ingress | egress) == 0) {
      store<u32>(list, row);
      list += 4;
    }
  }
  return <u32>((list - passed) >> 2);
}

/** A column that is mostly `-`: clears the field's bit of those rows. */
export function readDashes(token: u32, rows: u32, present: usize, field: u32): u32 {
  const skip = (<usize>token) << 2;
  const passed = passedAt();
  let list = passed;
  let at = entryAt(0);
  let to = present;
  for (let row: u32 = 0; row < rows; row++) {
    const entry = <usize>load<u32>(at) + skip;
    at += 4;
    const before = <usize>load<u32>(entry);
    const length = load<u32>(entry, 4) - <u32>before - 1;
    const dash = <u32>(load<u8>(before, 1) == 45) & <u32>(length == 1);
    store<u32>(to, load<u32>(to) & ~(dash << field));
    to += 4;
    store<u32>(list, row);
    list += (<usize>(dash ^ 1)) << 2;
  }
  return <u32>((list - passed) >> 2);
}

/** interface-id: two bytes and no more than an id may have. They are interned once their rows are known to be records. */
export function readInterfaceIds(token: u32, rows: u32): u32 {
  const skip = (<usize>token) << 2;
  const passed = passedAt();
  let list = passed;
  let at = entryAt(0);
  for (let row: u32 = 0; row < rows; row++) {
    const entry = <usize>load<u32>(at) + skip;
    at += 4;
    const length = load<u32>(entry, 4) - load<u32>(entry) - 1;
    if (length - 2 > <u32>MAX_INTERFACE_ID_BYTES - 2) {
      store<u32>(list, row);
      list += 4;
    }
  }
  return <u32>((list - passed) >> 2);
}
