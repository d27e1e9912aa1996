import { expect, it } from "vitest";
import { RequestQueue } from "../../src/page/engine/request-queue.js";

it("answers one at a time, what can wait behind all others and newest first", async () => {
  const order: string[] = [];
  let running = 0;
  const done = new Promise<void>((resolve) => {
    const queue: RequestQueue<string> = new RequestQueue<string>(
      (name) => name.startsWith("later"),
      async (name) => {
        expect(++running).toBe(1);
        await Promise.resolve();
        order.push(name);
        running--;
        // Asked while the quiet before the first one that can wait has not passed.
        if (name === "second") setTimeout(() => queue.add("third"), 20);
        if (order.length === 5) resolve();
      },
    );
    for (const name of ["later 1", "first", "later 2", "second"]) queue.add(name);
  });
  await done;
  expect(order).toEqual(["first", "second", "third", "later 2", "later 1"]);
});
