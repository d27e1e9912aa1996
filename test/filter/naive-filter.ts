// Filters as made-up trees: how they are written, and what they say of a row, told anew without a line of src/filter.
import fc from "fast-check";
import {
  ADDRESSES,
  DETAILS,
  FILES,
  GROUPS,
  INTERFACES,
  type JudgedRow,
  RULES,
} from "./judged-rows.js";

/** A filter in words, and whether a row passes. */
export interface Said {
  readonly text: string;
  readonly passes: (row: JudgedRow) => boolean;
}

/** A value in words, and whether a row's value is it. */
interface Value<T> {
  readonly text: string;
  readonly is: (value: T) => boolean;
}

const GRADE_ORDER = ["none", "unknown", "one-way", "paired", "inferred", "rejected", "measured"];

function bits(address: string): { family: number; bits: string } {
  if (!address.includes(":")) {
    const parts = address.split(".").map((part) => Number(part).toString(2).padStart(8, "0"));
    return { family: 4, bits: parts.join("") };
  }
  const [head = "", tail = ""] = address.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === "" ? [] : tail.split(":");
  const zeros = Array<string>(8 - before.length - after.length).fill("0");
  const groups = [...before, ...zeros, ...after].map((group) =>
    Number.parseInt(group, 16).toString(2).padStart(16, "0"),
  );
  return { family: 6, bits: groups.join("") };
}

const effective = (packet: string | null, shown: string | null): string | null => packet ?? shown;

function side(row: JudgedRow, ingress: "src" | "dst"): string | null {
  const source = effective(row.pkt_srcaddr, row.srcaddr);
  const destination = effective(row.pkt_dstaddr, row.dstaddr);
  if (row.direction === "ingress") return ingress === "src" ? source : destination;
  if (row.direction === "egress") return ingress === "src" ? destination : source;
  return null;
}

function servedPort({ protocol, srcport, dstport, opener, direction }: JudgedRow): number | null {
  if (protocol !== 6 && protocol !== 17) return null;
  if (opener === "unknown" || direction === "")
    return srcport === null || dstport === null ? null : Math.min(srcport, dstport);
  const fromOpener = opener === "local" ? direction === "egress" : direction === "ingress";
  return fromOpener ? dstport : srcport;
}

type Get<T> = (row: JudgedRow) => T | null;

const NUMBERS: readonly (readonly [string, Get<bigint>])[] = [
  ["srcport", ({ srcport }) => (srcport === null ? null : BigInt(srcport))],
  ["dport", ({ dstport }) => (dstport === null ? null : BigInt(dstport))],
  ["bytes", ({ bytes }) => bytes],
  ["start", ({ start }) => start],
  ["Line", ({ line }) => BigInt(line)],
  [
    "port",
    (row) => {
      const port = servedPort(row);
      return port === null ? null : BigInt(port);
    },
  ],
  ["packets", () => null],
];
const ADDRESS_FIELDS: readonly (readonly [string, Get<string>])[] = [
  ["src", ({ srcaddr }) => srcaddr],
  ["dst-addr", ({ dstaddr }) => dstaddr],
  ["pkt_srcaddr", ({ pkt_srcaddr }) => pkt_srcaddr],
  ["remote", (row) => side(row, "src")],
  ["peer", (row) => side(row, "src")],
  ["local", (row) => side(row, "dst")],
];
const orNull = (text: string): string | null => (text === "" ? null : text);
const WORD_FIELDS: readonly (readonly [string, readonly string[], Get<string>])[] = [
  ["verdict", ["allow", "deny", "unknown"], ({ verdict }) => verdict],
  ["reason", ["rule", "no-rule", "acl"], ({ reason }) => reason],
  ["direction", ["ingress", "egress"], ({ direction }) => orNull(direction)],
  ["opener", ["local", "remote", "unknown"], ({ opener }) => opener],
  ["grade", GRADE_ORDER, ({ grade }) => grade],
  ["action", ["ACCEPT", "REJECT"], ({ action }) => action],
  ["change", ["newly-denied", "undetermined"], ({ change }) => change],
];
const TEXT_FIELDS: readonly (readonly [string, readonly string[], Get<readonly string[]>])[] = [
  ["interface", INTERFACES, ({ interface_id }) => (interface_id === null ? null : [interface_id])],
  ["file", FILES, ({ file }) => [file]],
  ["detail", DETAILS.slice(1), ({ detail }) => (detail === "" ? null : [detail])],
  ["rule", RULES, ({ rules }) => (rules === "" ? null : rules.split("|"))],
  [
    "group",
    ["sg-db", "databases", "sg-web", "sg-x"],
    (row) => GROUPS[row.interface_id ?? ""]?.flatMap(({ id, name }) => [id, name]) ?? null,
  ],
  ["vpc_id", ["vpc-1"], () => null],
];

const quoted = (text: string): string => `"${text.replace(/[\\"]/g, "\\$&")}"`;
const textValue = (word: string): Value<readonly string[]> => ({
  text: /^[\w./|-]+$/.test(word) && word !== "and" ? word : quoted(word),
  is: (values) => values.includes(word),
});

const numberValue: fc.Arbitrary<Value<bigint>> = fc
  .oneof(fc.constantFrom(0, 22, 443, 3389, 65_535), fc.nat(65_535))
  .map((number) => ({ text: String(number), is: (value) => value === BigInt(number) }));
const numberRange: fc.Arbitrary<Value<bigint>> = fc
  .tuple(fc.nat(65_535), fc.nat(65_535), fc.constantFrom("-", ".."))
  .map(([a, b, sign]) => {
    const [low, high] = a < b ? [a, b] : [b, a];
    return {
      text: `${low}${sign}${high}`,
      is: (value) => value >= BigInt(low) && value <= BigInt(high),
    };
  });
const addressValue: fc.Arbitrary<Value<string>> = fc
  .tuple(fc.constantFrom(...ADDRESSES), fc.nat(128))
  .map(([address, wanted]) => {
    const { family, bits: all } = bits(address);
    // Only as long a prefix as leaves no host bits behind.
    const least = all.lastIndexOf("1") + 1;
    const length = Math.max(least, Math.min(wanted, all.length));
    const is = (value: string): boolean => {
      const other = bits(value);
      return other.family === family && other.bits.startsWith(all.slice(0, length));
    };
    return { text: length === all.length ? address : `${address}/${length}`, is };
  });

const missingValue = { text: "-", is: (): boolean => false };

function member<T>(
  name: string,
  get: Get<T>,
  values: readonly Value<T>[],
  takesMissing: boolean,
  form: "=" | "!=" | "in" | "not in",
): Said {
  const shown = takesMissing ? [...values, missingValue] : values;
  const passes = (row: JudgedRow): boolean => {
    const value = get(row);
    const found = value === null ? takesMissing : values.some(({ is }) => is(value));
    return form === "=" || form === "in" ? found : !found;
  };
  const list = shown.map(({ text }) => text).join(", ");
  const isOne = form === "=" || form === "!=";
  return { text: `${name} ${form} ${isOne ? list : `(${list})`}`, passes };
}

function members<T>(
  name: string,
  get: Get<T>,
  one: fc.Arbitrary<Value<T>>,
  many: fc.Arbitrary<Value<T>>,
): fc.Arbitrary<Said> {
  return fc.oneof(
    fc
      .tuple(one, fc.boolean(), fc.constantFrom("=" as const, "!=" as const))
      .map(([value, missing, form]) => member(name, get, missing ? [] : [value], missing, form)),
    fc
      .tuple(
        fc.array(many, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        fc.constantFrom("in" as const, "not in" as const),
      )
      .map(([values, missing, form]) => member(name, get, values, missing, form)),
  );
}

const compared: Readonly<Record<string, (order: number) => boolean>> = {
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};
const comparison = fc.constantFrom("<", "<=", ">", ">=");

const numberTest: fc.Arbitrary<Said> = fc.constantFrom(...NUMBERS).chain(([name, get]) =>
  fc.oneof(
    members(name, get, numberValue, fc.oneof(numberValue, numberRange)),
    fc.tuple(fc.nat(65_535), comparison).map(([number, sign]): Said => {
      const passes = (row: JudgedRow): boolean => {
        const value = get(row);
        if (value === null) return false;
        return compared[sign]!(value < BigInt(number) ? -1 : Number(value > BigInt(number)));
      };
      return { text: `${name}${sign}${number}`, passes };
    }),
  ),
);
const addressTest: fc.Arbitrary<Said> = fc
  .constantFrom(...ADDRESS_FIELDS)
  .chain(([name, get]) => members(name, get, addressValue, addressValue));
const wordTest: fc.Arbitrary<Said> = fc.constantFrom(...WORD_FIELDS).chain(([name, words, get]) => {
  const value = fc.constantFrom(...words).map(
    (word): Value<string> => ({
      text: word.toUpperCase(),
      is: (other) => other === word,
    }),
  );
  return members(name, get, value, value);
});
const gradeOrder: fc.Arbitrary<Said> = fc
  .tuple(fc.constantFrom(...GRADE_ORDER), comparison)
  .map(([word, sign]) => ({
    text: `grade ${sign} ${word}`,
    passes: ({ grade }) => compared[sign]!(GRADE_ORDER.indexOf(grade) - GRADE_ORDER.indexOf(word)),
  }));
const textTest: fc.Arbitrary<Said> = fc.constantFrom(...TEXT_FIELDS).chain(([name, words, get]) => {
  const value = fc.constantFrom(...words).map(textValue);
  return members(name, get, value, value);
});

/** Trees of tests, written with as few parentheses as the order of and, or and not allows, and with some more. */
export const saidFilter: fc.Arbitrary<Said> = fc.letrec<{ any: Said; all: Said; one: Said }>(
  (tie) => ({
    any: fc.array(tie("all"), { minLength: 1, maxLength: 3 }).map((items) => ({
      text: items.map(({ text }) => text).join(" or "),
      passes: (row) => items.some(({ passes }) => passes(row)),
    })),
    all: fc.array(tie("one"), { minLength: 1, maxLength: 3 }).map((items) => ({
      text: items.map(({ text }) => text).join(" AND "),
      passes: (row) => items.every(({ passes }) => passes(row)),
    })),
    one: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.oneof(numberTest, addressTest, wordTest, gradeOrder, textTest),
      tie("any").map(({ text, passes }): Said => ({ text: `(${text})`, passes })),
      tie("any").map(
        ({ text, passes }): Said => ({ text: `not (${text})`, passes: (row) => !passes(row) }),
      ),
      tie("one").map(
        ({ text, passes }): Said => ({ text: `not ${text}`, passes: (row) => !passes(row) }),
      ),
    ),
  }),
).any;
