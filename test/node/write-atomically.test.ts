import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { expect, test } from "vitest";
import { writeAtomically } from "../../src/node/index.js";
import { folderOf } from "./folder.js";

test("text, bytes and pieces arrive in order", async () => {
  const root = folderOf({});
  await writeAtomically(`${root}/a`, "text");
  await writeAtomically(`${root}/b`, Uint8Array.of(1, 2));
  const buffer = new Uint8Array(50_000).fill(1);
  await writeAtomically(`${root}/c`, async (write) => {
    for (let i = 0; i < 5; i++) {
      await write(buffer.fill(i));
      await write("");
      await write("ü");
    }
  });
  expect(readFileSync(`${root}/a`, "utf8")).toBe("text");
  expect([...readFileSync(`${root}/b`)]).toEqual([1, 2]);
  const expected = [0, 1, 2, 3, 4].map((i) =>
    Buffer.concat([Buffer.alloc(50_000, i), Buffer.from("ü")]),
  );
  expect(readFileSync(`${root}/c`).equals(Buffer.concat(expected))).toBe(true);
  expect(readdirSync(root)).toEqual(["a", "b", "c"]);
});

test("a failure leaves the old file and nothing else", async () => {
  const root = folderOf({ a: "old" });
  const failing = writeAtomically(`${root}/a`, async (write) => {
    await write("x".repeat(200_000));
    expect(readFileSync(`${root}/a`, "utf8")).toBe("old");
    throw new Error("stopped");
  });
  await expect(failing).rejects.toThrow("stopped");
  expect(readFileSync(`${root}/a`, "utf8")).toBe("old");
  expect(readdirSync(root)).toEqual(["a"]);
});

test("permissions and links of the old file stay", async () => {
  const root = folderOf({ a: "old" });
  chmodSync(`${root}/a`, 0o640);
  symlinkSync(`${root}/a`, `${root}/link`);
  await writeAtomically(`${root}/link`, "new");
  expect(readFileSync(`${root}/a`, "utf8")).toBe("new");
  expect(lstatSync(`${root}/link`).isSymbolicLink()).toBe(true);
  if (process.platform !== "win32") expect(statSync(`${root}/a`).mode & 0o777).toBe(0o640);
});

test.skipIf(process.platform === "win32")("a device is written in place", async () => {
  await writeAtomically("/dev/null", "x");
  expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
});

test("what cannot be written is named", async () => {
  const root = folderOf({ "folder/x": "" });
  await expect(writeAtomically(`${root}/no/where`, "x")).rejects.toMatchObject({
    code: "output-failed",
    message: `${root}/no/where: there is no folder ${root}/no`,
  });
  await expect(writeAtomically(`${root}/folder`, "x")).rejects.toMatchObject({
    code: "output-failed",
  });
  expect(readdirSync(root)).toEqual(["folder"]);
});
