// The records that a number leads back to: three of (start, file, line), the smallest by start, file, line, whatever the
// order they come in.

const SAMPLE_COUNT: u32 = 3;

/** Takes a record in at `samples`, which hold line 0 where none stands. */
export function addSample(samples: usize, start: u32, file: u32, line: u32): void {
  let s = start;
  let f = file;
  let l = line;
  for (let i: u32 = 0; i < SAMPLE_COUNT; i++) {
    const at = samples + i * 12;
    const haveLine = load<u32>(at, 8);
    const haveStart = load<u32>(at);
    const haveFile = load<u32>(at, 4);
    const before =
      haveLine == 0 ||
      s < haveStart ||
      (s == haveStart && (f < haveFile || (f == haveFile && l < haveLine)));
    if (!before) continue;
    store<u32>(at, s);
    store<u32>(at, f, 4);
    store<u32>(at, l, 8);
    if (haveLine == 0) return;
    s = haveStart;
    f = haveFile;
    l = haveLine;
  }
}

/** Takes in the samples at `others`. */
export function addSamples(samples: usize, others: usize): void {
  for (let i: u32 = 0; i < SAMPLE_COUNT; i++) {
    const at = others + i * 12;
    const line = load<u32>(at, 8);
    if (line == 0) return;
    addSample(samples, load<u32>(at), load<u32>(at, 4), line);
  }
}
