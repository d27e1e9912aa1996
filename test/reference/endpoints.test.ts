import { describe, expect, test } from "vitest";
import { parseAddress } from "../../src/model/address.js";
import {
  type Endpoints,
  farEnds,
  fingerprint,
  mix,
  newEndpoints,
  touch,
  wasAccepted,
} from "../../src/reference/endpoints.js";
import { type Endpoint, flowOf } from "../../src/reference/flow.js";
import { flow } from "../support/flow-text.js";

function at(text: string, port: number): Endpoint {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(text);
  return { address, port };
}

const SERVER = at("10.0.1.10", 6000);

function touchFrom(endpoints: Endpoints, source: string, slot: number): void {
  const record = flow(`0+0 eni-1 tcp ${source} > 10.0.1.10:6000 ACCEPT`);
  const found = flowOf(record, "ingress");
  if (found === undefined) throw new Error(source);
  touch(endpoints, found, slot);
}

function server(endpoints: Endpoints, slot: number): ReturnType<typeof farEnds> {
  return farEnds(endpoints, "eni-1", 6, SERVER, slot);
}

describe("far endpoints", () => {
  test("mixes as the finaliser of murmur3 does", () => {
    expect(mix(0n)).toBe(0n);
    expect(mix(1n)).toBe(0xb456bcfc34c2cb2cn);
    expect(mix((1n << 64n) - 1n)).toBe(0x64b5720b4b825f21n);
  });

  test("hashes IPv4 as ::ffff:a.b.c.d", () => {
    const endpoints = newEndpoints();
    const mapped = at("::ffff:10.0.7.7", 443);
    expect(fingerprint(endpoints, at("10.0.7.7", 443))).toBe(fingerprint(endpoints, mapped));
    expect(fingerprint(endpoints, at("10.0.7.7", 443))).toBe(
      Number(mix(mix(mix(0n) ^ 0xffff0a000707n) ^ 443n) >> 50n),
    );
  });

  test.each([0, 16, 32, 48])("up to four are counted one by one, from 10.0.%i.1 on", (third) => {
    for (let from = 1; from < 250; from += 5) {
      const endpoints = newEndpoints();
      for (let i = 0; i < 4; i++) {
        touchFrom(endpoints, `10.0.${third}.${from + i}:5000`, 1);
        expect(server(endpoints, 1).count).toBe(i + 1);
      }
      touchFrom(endpoints, `10.0.${third}.${from + 4}:5000`, 1);
      expect(server(endpoints, 1).count).toBe(5);
    }
  });

  test("more are counted by a sketch, which saturates at 63", () => {
    const endpoints = newEndpoints();
    touchFrom(endpoints, "10.0.7.1:5000", 1);
    touchFrom(endpoints, "10.0.7.1:5000", 1);
    expect(server(endpoints, 1).count).toBe(1);
    for (let port = 1024; port < 3024; port++) touchFrom(endpoints, `10.0.7.1:${port}`, 1);
    expect(server(endpoints, 1)).toEqual({ count: 63, marked: false });
  });

  test("a far port below 1024 marks", () => {
    const endpoints = newEndpoints();
    touchFrom(endpoints, "10.0.7.1:1023", 1);
    expect(server(endpoints, 1)).toEqual({ count: 1, marked: true });
    expect(farEnds(endpoints, "eni-1", 6, at("10.0.7.1", 1023), 1).marked).toBe(false);
  });
});

describe("epochs", () => {
  const endpoints = newEndpoints();
  touchFrom(endpoints, "10.0.7.1:5000", 100);
  touchFrom(endpoints, "10.0.7.2:5000", 112);
  touchFrom(endpoints, "10.0.7.3:5000", 125);

  test.each([
    ["before the first: the earliest that begins later", 50, 2],
    ["inside the first", 105, 2],
    ["twelve slots after its last touch", 124, 2],
    ["in the second", 125, 1],
    ["twelve slots after the last", 137, 1],
    ["an hour after all", 138, 0],
  ])("%s", (_, slot, count) => {
    expect(server(endpoints, slot).count).toBe(count);
    expect(wasAccepted(endpoints, "eni-1", 6, SERVER, slot)).toBe(count > 0);
  });

  test("belong to an interface and a protocol", () => {
    expect(farEnds(endpoints, "eni-2", 6, SERVER, 100).count).toBe(0);
    expect(farEnds(endpoints, "eni-1", 17, SERVER, 100).count).toBe(0);
  });
});
