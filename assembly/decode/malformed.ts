// Lines that do not parse: counted by reason, the first few of each sampled with file, line and text.

import { reserve } from "../memory/arena";
import { MALFORMED_REASONS } from "../shared/fields";
import {
  COUNT_MALFORMED,
  COUNT_MALFORMED_REASONS,
  COUNT_READ,
  SAMPLES_PER_REASON,
  SAMPLE_BYTES,
  SAMPLE_FILE,
  SAMPLE_LINE,
  SAMPLE_REASON,
  SAMPLE_TEXT,
  SAMPLE_TEXT_BYTES,
  SAMPLE_TEXT_MAX,
} from "../shared/layout";
import { count } from "../evaluate/counters";

let samples: usize = 0;
let sampleCount: u32 = 0;
let perReason: usize = 0;
let file: u32 = 0;

export function malformedInit(): bool {
  samples = reserve(<usize>MALFORMED_REASONS * SAMPLES_PER_REASON * SAMPLE_BYTES);
  perReason = reserve((<usize>MALFORMED_REASONS) << 2);
  return samples != 0 && perReason != 0;
}

export function malformedFile(index: u32): void {
  file = index;
}

export function malformedSamples(): usize {
  return samples;
}
export function malformedSampleCount(): u32 {
  return sampleCount;
}

/** Counts the line; `counting` false = another shard counts it. */
export function noteMalformed(
  line: u32,
  reason: u32,
  ptr: usize,
  bytes: u32,
  counting: bool,
): void {
  if (!counting) return;
  count(COUNT_READ, 1);
  count(COUNT_MALFORMED, 1);
  count(COUNT_MALFORMED_REASONS + reason, 1);
  const seen = load<u32>(perReason + ((<usize>reason) << 2));
  if (seen >= <u32>SAMPLES_PER_REASON) return;
  store<u32>(perReason + ((<usize>reason) << 2), seen + 1);
  const sample = samples + <usize>(sampleCount * SAMPLE_BYTES);
  sampleCount++;
  store<u32>(sample, file, SAMPLE_FILE);
  store<u32>(sample, line, SAMPLE_LINE);
  store<u32>(sample, reason, SAMPLE_REASON);
  const kept = min(bytes, <u32>SAMPLE_TEXT_MAX);
  store<u32>(sample, kept, SAMPLE_TEXT_BYTES);
  memory.copy(sample + SAMPLE_TEXT, ptr, kept);
}
