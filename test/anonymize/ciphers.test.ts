import { createCipheriv, createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { Aes } from "../../src/anonymize/aes.js";
import { Hmac } from "../../src/anonymize/hmac.js";

function bytes(least: number, most: number) {
  return fc.uint8Array({ minLength: least, maxLength: most });
}

it("turns blocks as Node's AES does", () => {
  fc.assert(
    fc.property(
      bytes(16, 16),
      fc.integer({ min: 0, max: 5 }),
      bytes(80, 80),
      (key, blocks, text) => {
        const part = text.slice(0, 16 * blocks);
        const cipher = createCipheriv("aes-128-ecb", key, null).setAutoPadding(false);
        const wanted = new Uint8Array(Buffer.concat([cipher.update(part), cipher.final()]));
        new Aes(key).encrypt(part);
        expect(part).toEqual(wanted);
      },
    ),
  );
});

it("gives the digests of Node's HMAC, keys and texts of any length", () => {
  fc.assert(
    fc.property(bytes(0, 150), bytes(0, 300), (key, text) => {
      const wanted = new Uint8Array(createHmac("sha256", key).update(text).digest());
      expect(new Hmac(key).digest(text)).toEqual(wanted);
    }),
  );
});
