// How much of the work is done, by the sizes of files on disk and the text that came out of them.

/** How far a run is. `bytes` counts log text after decompression. */
export interface Done {
  readonly bytes: number;
  readonly records: number;
  readonly file: string;
}

/** A file to read and its size on disk. */
export interface Expected {
  readonly name: string;
  readonly size?: number;
}

/** Which part of the work is done, from 0 to 1, or `undefined` while nobody can know. */
export type ShareOf = (done: Done) => number | undefined;

const COMPRESSED = /\.(gz|gzip|zst|zstd|parquet)$/i;
/** Bytes of text per byte on disk before any file has shown it: flow logs shrink to a fifth or a seventh. */
const USUAL_RATIO = 6;

/**
 * Share of the log text of some files, which are read in the order given: whole files by their sizes on disk, and of the
 * file in hand as much as its text so far is worth, by the ratio that the files before it had.
 */
export function shareOfFiles(files: readonly Expected[]): ShareOf {
  const begins = new Map<string, { readonly before: number; readonly size: number }>();
  let total = 0;
  for (const { name, size = 0 } of files) {
    if (!begins.has(name)) begins.set(name, { before: total, size });
    total += size;
  }
  const knowable = total > 0 && files.every(({ size }) => (size ?? 0) > 0);
  let file: string | undefined;
  let textBefore = 0;
  let last = 0;
  return (done) => {
    const place = begins.get(done.file);
    if (!knowable || place === undefined) return undefined;
    if (done.file !== file) {
      textBefore = file === undefined ? 0 : last;
      file = done.file;
    }
    last = done.bytes;
    const usual = COMPRESSED.test(done.file) ? USUAL_RATIO : 1;
    const ratio = place.before > 0 && textBefore > 0 ? textBefore / place.before : usual;
    const own = Math.min(place.size, (done.bytes - textBefore) / ratio);
    return (place.before + own) / total;
  };
}
