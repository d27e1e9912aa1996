// The inside of the thread of small-files.ts.
import { parentPort } from "node:worker_threads";
import { readSmall } from "./read-small.js";
import type { SmallFileAnswer, SmallFileOrder } from "./small-files.js";

/** Text that goes into one message: a message costs as much as unpacking 10 kB. */
const MESSAGE = 1 << 19;

const port = parentPort;
if (port === null) throw new Error("small-files-worker runs only as a worker thread");

port.on("message", (orders: readonly SmallFileOrder[]) => {
  let answers: SmallFileAnswer[] = [];
  let length = 0;
  const send = (): void => {
    const buffers = answers.flatMap(({ text }) => (text === undefined ? [] : [text.buffer]));
    port.postMessage(answers, buffers);
    answers = [];
    length = 0;
  };
  for (const { number, path, size } of orders) {
    const text = readSmall(path, size);
    answers.push({ number, text });
    length += text?.length ?? 0;
    if (length >= MESSAGE) send();
  }
  if (answers.length > 0) send();
});
