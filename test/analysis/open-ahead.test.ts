import { describe, expect, test } from "vitest";
import { OpenAhead } from "../../src/analysis/open-ahead.js";
import type { LogInput } from "../../src/analysis/options.js";

interface Watched {
  readonly inputs: readonly LogInput[];
  /** What happened, in order: `open 3`, `close 3`. */
  readonly events: string[];
  readonly most: () => number;
}

/** Inputs of two chunks each that count how many of them are open at once. */
function watched(sizes: readonly (number | undefined)[]): Watched {
  const events: string[] = [];
  let open = 0;
  let most = 0;
  const inputs = sizes.map((size, i): LogInput => {
    async function* chunks(): AsyncGenerator<Uint8Array> {
      events.push(`open ${i}`);
      most = Math.max(most, ++open);
      try {
        yield Uint8Array.of(i, 0);
        yield Uint8Array.of(i, 1);
      } finally {
        open--;
        events.push(`close ${i}`);
      }
    }
    return { name: `${i}`, open: chunks, ...(size === undefined ? {} : { size }) };
  });
  return { inputs, events, most: () => most };
}

async function readAll(inputs: readonly LogInput[]): Promise<number[][]> {
  const ahead = new OpenAhead(inputs);
  const all: number[][] = [];
  for (const i of inputs.keys()) for await (const chunk of ahead.open(i)) all.push([...chunk]);
  await ahead.close();
  return all;
}

describe("OpenAhead", () => {
  test("gives every input whole and in order, some of the following open meanwhile", async () => {
    const { inputs, events, most } = watched(Array<number>(200).fill(20_000));
    const all = await readAll(inputs);
    expect(all).toEqual(
      [...inputs.keys()].flatMap((i) => [
        [i, 0],
        [i, 1],
      ]),
    );
    expect(events.filter((event) => event.startsWith("close")).length).toBe(200);
    expect(most()).toBeGreaterThan(16);
    expect(most()).toBeLessThanOrEqual(33);
  });

  test("holds one large input at most beside the one that is read", async () => {
    const { inputs, most } = watched(Array<number>(5).fill(1 << 30));
    expect((await readAll(inputs)).length).toBe(10);
    expect(most()).toBe(2);
  });

  test("opens what has no size in its turn only", async () => {
    const { inputs, events } = watched([5, undefined, 5]);
    expect((await readAll(inputs)).length).toBe(6);
    expect(events).toEqual(["open 0", "close 0", "open 1", "open 2", "close 1", "close 2"]);
  });

  test("closes what was opened in vain", async () => {
    const { inputs, events } = watched(Array<number>(20).fill(10));
    const ahead = new OpenAhead(inputs);
    for await (const _ of ahead.open(0)) break;
    await ahead.close();
    expect(events.filter((event) => event.startsWith("open")).length).toBe(20);
    expect(events.filter((event) => event.startsWith("close")).length).toBe(20);
  });

  test("tells a failure when the input's turn comes, and no sooner", async () => {
    const failing: LogInput = {
      name: "bad",
      size: 10,
      open: () => {
        throw new Error("cannot be opened");
      },
    };
    const { inputs } = watched([10, 10]);
    const ahead = new OpenAhead([inputs[0]!, failing, inputs[1]!]);
    for await (const _ of ahead.open(0)) await new Promise((resolve) => setTimeout(resolve, 1));
    const reading = async (): Promise<void> => {
      for await (const _ of ahead.open(1)) expect.unreachable();
    };
    await expect(reading()).rejects.toThrow("cannot be opened");
    for await (const chunk of ahead.open(2)) expect(chunk[0]).toBe(1);
    await ahead.close();
  });
});
