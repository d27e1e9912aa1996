// Ids, account numbers and other names to names of the same kind that tell nothing.
import { Hmac } from "./hmac.js";

/** Kinds of AWS ids: what stands before the first hyphen, which some of them mean something by. */
const KINDS: ReadonlySet<string> = new Set(
  (
    "acl aclassoc asg eigw eipalloc eipassoc eni eni-attach fl i igw lgw nat pcx pl rtb sg sgr subnet tgw tgw-attach vgw " +
    "vpc vpce vpn"
  ).split(" "),
);
/** AWS's ids have 17 digits, old ones 8. */
const LONG = 17;
const SHORT = 8;

export class Names {
  readonly #hmac: Hmac;
  readonly #encoder = new TextEncoder();
  readonly #ids = new Map<string, string>();

  constructor(key: Uint8Array) {
    this.#hmac = new Hmac(new Hmac(key).digest(this.#encoder.encode("flowverdict names")));
  }

  /** `sg-0123...`: the kind stays. What has no kind of AWS is an `x-...`. */
  id(text: string): string {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const cut = text.lastIndexOf("-");
    const kind = text.slice(0, Math.max(cut, 0));
    const isOld = /^[0-9a-f]{8}$/.test(text.slice(cut + 1));
    const made = KINDS.has(kind)
      ? `${kind}-${this.#digits("id", text, isOld ? SHORT : LONG)}`
      : this.word(text);
    this.#ids.set(text, made);
    return made;
  }

  /** Twelve digits. */
  account(text: string): string {
    return (BigInt(`0x${this.#digits("account", text, 24)}`) % 10n ** 12n)
      .toString()
      .padStart(12, "0");
  }

  /** Any other name. */
  word(text: string): string {
    return `x-${this.#digits("word", text, LONG)}`;
  }

  #digits(kind: string, text: string, count: number): string {
    const digest = this.#hmac.digest(this.#encoder.encode(`${kind}\0${text}`));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0"))
      .join("")
      .slice(0, count);
  }
}
