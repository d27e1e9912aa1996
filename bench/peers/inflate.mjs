// Node inflating a log and doing nothing with it: the least that reading gzip costs.
//   node bench/peers/inflate.mjs LOG...

import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";

const CHUNK = 1 << 20;
let bytes = 0;
for (const path of process.argv.slice(2)) {
  const text = createReadStream(path, { highWaterMark: CHUNK }).pipe(
    createGunzip({ chunkSize: CHUNK }),
  );
  for await (const chunk of text) bytes += chunk.length;
}
console.log(bytes);
