import { describe, expect, it } from "vitest";
import { CAUSES, MALFORMED_REASONS } from "../src/analysis/summary.js";
import * as contract from "../src/contract.js";
import { DIRECTIONS, GRADES, OPENERS, REASONS, VERDICTS, verdictOf } from "../src/model/verdict.js";

const VALUES: ReadonlyMap<string, number> = new Map(Object.entries(contract));

/** The constants of a prefix, without those that end in one of the given words. */
function ofPrefix(prefix: string, without: readonly string[] = []): [string, number][] {
  return [...VALUES].filter(
    ([name]) => name.startsWith(prefix) && !without.some((end) => name === `${prefix}${end}`),
  );
}

/** The name that a code's constant stands for: REASON_NO_RULE is no-rule. */
function codeName(constant: string, prefix: string): string {
  return constant.slice(prefix.length).toLowerCase().replaceAll("_", "-");
}

describe("the contract", () => {
  it("has only whole numbers that both languages read alike", () => {
    for (const [name, value] of VALUES)
      expect(Number.isInteger(value) && Math.abs(value) < 2 ** 31, name).toBe(true);
  });
});

describe("code lists", () => {
  it.each([
    { prefix: "VERDICT_", names: VERDICTS, none: "-" },
    { prefix: "REASON_", names: REASONS, none: "-" },
    { prefix: "GRADE_", names: GRADES, none: "-" },
    { prefix: "DIRECTION_", names: DIRECTIONS, none: "none" },
    { prefix: "OPENER_", names: OPENERS, none: "-" },
    { prefix: "CAUSE_", names: CAUSES, none: "-" },
    { prefix: "MALFORMED_", names: MALFORMED_REASONS, none: "-" },
  ])("$prefix* are the positions of the names that reports print", ({ prefix, names, none }) => {
    const codes = ofPrefix(prefix, ["COUNT", "REASONS"]);
    for (const [constant, code] of codes) {
      const name = codeName(constant, prefix);
      expect(names[code], constant).toBe(name === none ? "" : name);
    }
    expect(codes.length).toBe(names.filter((name) => name !== "" || none === "none").length);
  });

  it("have the lengths that the core's arrays are made for", () => {
    expect(VERDICTS.length).toBe(contract.VERDICT_COUNT);
    expect(REASONS.length).toBe(contract.REASON_COUNT);
    expect(GRADES.length).toBe(contract.GRADE_COUNT);
    expect(CAUSES.length).toBe(contract.CAUSE_COUNT);
    expect(MALFORMED_REASONS.length).toBe(contract.MALFORMED_REASONS);
  });

  it("group the reasons by verdict: allow, deny, unknown", () => {
    const order = REASONS.map((reason) => VERDICTS.indexOf(verdictOf(reason)));
    expect(order).toEqual([...order].sort());
    expect(new Set(order).size).toBe(VERDICTS.length);
  });
});

/** Rows of the layout: bytes of each field. What the image's rows look like is checked by the compiler of the core. */
const ROWS: readonly {
  readonly prefix: string;
  readonly bytes: number;
  readonly fields: Readonly<Record<string, number>>;
  /** Constants of the prefix that are no offsets. */
  readonly others: readonly string[];
}[] = [
  {
    prefix: "ROW_",
    bytes: contract.ROW_BYTES,
    fields: { OCTETS: 8, START: 4, END: 4, BITS: 4, LINE: 4, FILE: 4, CONN: 4 },
    // A judged row holds its result where its octets were.
    others: ["BYTES", "RESULT_RULES", "RESULT_DETAIL", "KEY_BYTES"],
  },
  {
    prefix: "CONN_",
    bytes: contract.CONN_BYTES,
    fields: {
      KEY_A: 8,
      KEY_B: 8,
      LAST_END: 4,
      FIRST_0: 4,
      FIRST_1: 4,
      STATE: 4,
      CLOSE_AT: 4,
      PENDING: 4,
      SIDES: 4,
      TOUCHED: 4,
      ORIENTED: 4,
      FIRST: 4,
      JUDGEMENT: 8,
    },
    // Stands where CLOSE_AT was.
    others: ["BYTES", "SUCCESSOR"],
  },
  {
    prefix: "ENDPOINT_",
    bytes: contract.ENDPOINT_BYTES,
    fields: { KEY: 8, WHAT: 8 },
    others: ["BYTES", "SLOTS"],
  },
  {
    prefix: "EPOCH_",
    bytes: contract.EPOCH_BYTES,
    fields: { FAR_ENDS: 8, FIRST: 4, LAST: 4, NEXT: 4, TAIL: 4 },
    others: ["BYTES"],
  },
  {
    prefix: "JUDGEMENT_",
    bytes: contract.JUDGEMENT_BYTES,
    fields: { OUTCOME: 4, BITS: 4 },
    others: ["BYTES"],
  },
  {
    prefix: "FURTHER_",
    bytes: contract.FURTHER_BYTES,
    fields: { CODE: 4, DETAIL: 4, RULES: 4 },
    others: ["BYTES", "CHANGE_SHIFT"],
  },
  {
    prefix: "LEDGER_",
    bytes: contract.LEDGER_BYTES,
    fields: {
      SIDE_0: 4,
      SIDE_1: 4,
      OCTETS: 8,
      SAMPLES: 12 * contract.TUPLE_SAMPLE_COUNT,
      FLAGS: 4,
    },
    others: ["BYTES", "ACCEPTED", "LOST", "OPEN", "LOCAL_1", "JUDGED", "AT_SHIFT"],
  },
  {
    prefix: "RULING_",
    bytes: contract.RULING_BYTES,
    fields: { CODE: 4, DETAIL: 4, RULES: 4, OTHER: 4 },
    others: ["BYTES", "REASON_SHIFT"],
  },
  {
    prefix: "OPENING_",
    bytes: contract.OPENING_BYTES,
    fields: {
      HIGH: 8,
      LOW: 8,
      INTERFACE: 4,
      PROTOCOL: 4,
      PORT: 2,
      OTHER_PORT: 2,
      VECTOR: 4,
      FLAGS: 4,
      CLIENT_LOW: 2,
      CLIENT_HIGH: 2,
      CONNECTIONS: 8,
      ASSUMED: 8,
      FORWARD: 8,
      REPLIES: 8,
      OCTETS: 8,
      FIRST: 4,
      LAST: 4,
      SAMPLES: 12 * contract.TUPLE_SAMPLE_COUNT,
    },
    others: ["BYTES"],
  },
  {
    prefix: "BORDER_",
    bytes: contract.BORDER_BYTES,
    fields: {
      LOCAL: 16,
      REMOTE: 16,
      OCTETS: 8,
      INTERFACE: 4,
      PROTOCOL: 4,
      LOCAL_PORT: 2,
      REMOTE_PORT: 2,
      FIRST: 4,
      FIRST_LOCAL: 4,
      FIRST_REMOTE: 4,
      LAST_END: 4,
      CLOSE_AT: 4,
      STATE: 4,
      AT: 4,
      LOCAL_RECORDS: 4,
      REMOTE_RECORDS: 4,
      FLAGS: 4,
      SAMPLES: 12 * contract.TUPLE_SAMPLE_COUNT,
      LOCAL_FAR_ENDS: 8,
      REMOTE_FAR_ENDS: 8,
      LOCAL_EPOCH: 8,
      REMOTE_EPOCH: 8,
    },
    others: ["BYTES", "OVERLAP"],
  },
  {
    prefix: "TUPLE_",
    bytes: contract.TUPLE_BYTES,
    fields: {
      HIGH: 8,
      LOW: 8,
      INTERFACE: 4,
      PROTOCOL: 1,
      DIRECTION: 1,
      KIND: 1,
      PORT: 4,
      FIRST: 4,
      RECORDS: 8,
      OCTETS: 8,
      LAST: 4,
      SAMPLES: 12 * contract.TUPLE_SAMPLE_COUNT,
      CAUSES: 4 * contract.CAUSE_COUNT,
    },
    others: ["BYTES", "SAMPLE_COUNT"],
  },
  {
    prefix: "SAMPLE_",
    bytes: contract.SAMPLE_BYTES,
    fields: { FILE: 4, LINE: 4, REASON: 4, TEXT_BYTES: 4, TEXT: contract.SAMPLE_TEXT_MAX },
    others: ["BYTES", "TEXT_MAX"],
  },
  {
    prefix: "SOURCE_",
    bytes: contract.SOURCE_BYTES,
    fields: { KIND: 4, VALUES: 4, ENDS: 4, VALID: 4, TEXT: 4, WORDS: 4, UNIT: 4 },
    others: [
      "BYTES",
      ..."NONE INT32 UINT32 INT64 UINT64 TEXT CODES".split(" ").map((kind) => `KIND_${kind}`),
    ],
  },
  {
    prefix: "WORD_",
    bytes: contract.WORD_BYTES,
    fields: { HIGH: 8, LOW: 8, TEXT: 4, TEXT_BYTES: 4, STATE: 4, INDEX: 4 },
    others: ["BYTES"],
  },
  {
    prefix: "STATE_",
    bytes: contract.STATE_BYTES,
    fields: {
      ID: 4,
      ID_BYTES: 4,
      FLAGS: 4,
      FIRST_START: 4,
      LAST_END: 4,
      SKIP_END: 4,
      NODATA: 4,
      SKIPDATA: 4,
      SKIP_SECONDS: 8,
      CANDIDATES: 64,
      CANDIDATE_COUNTS: 2,
      RECORDS: 8,
      ALLOW: 24,
      OK_FIRST: 4,
      ALIKE: 4,
      TIMERS: 24,
    },
    others: ["BYTES"],
  },
];

/** Input columns and result arrays: bytes of each entry. */
const COLUMNS: Readonly<Record<string, number>> = {
  PRESENT: 4,
  INTERFACE: 4,
  START: 4,
  END: 4,
  SRCPORT: 2,
  DSTPORT: 2,
  PROTOCOL: 1,
  STATUS: 1,
  ACTION: 1,
  DIRECTION: 1,
  TCP_FLAGS: 1,
  REJECT_REASON: 1,
  NAT_RESOURCE: 1,
  PACKETS: 8,
  BYTES: 8,
  SRCADDR: 16,
  DSTADDR: 16,
  PKT_SRCADDR: 16,
  PKT_DSTADDR: 16,
  LINE: 4,
  TEXT: 4,
  TEXT_BYTES: 4,
};
const RESULTS: Readonly<Record<string, number>> = {
  REASON: 1,
  GRADE: 1,
  OPENER: 1,
  DIRECTION: 1,
  MISSING: 1,
  DETAIL: 4,
  RULES: 4,
  FILE: 4,
  LINE: 4,
};

/** Fields that overlap or leave the room they have, in words. */
function faultsOf(
  prefix: string,
  widths: Readonly<Record<string, number>>,
  align: (width: number) => number,
  room: number,
): string[] {
  const fields = Object.entries(widths).map(([name, width]) => {
    const at = VALUES.get(`${prefix}${name}`);
    return { name: `${prefix}${name}`, at: at ?? Number.NaN, width };
  });
  fields.sort((a, b) => a.at - b.at);
  return fields.flatMap(({ name, at, width }, i) => {
    const faults: string[] = [];
    const next = fields[i + 1]?.at ?? room;
    if (Number.isNaN(at)) faults.push(`${name} does not exist`);
    if (at + width > next) faults.push(`${name} reaches into what follows`);
    if (at % align(width) !== 0) faults.push(`${name} is not aligned`);
    return faults;
  });
}

describe("the layout of linear memory", () => {
  it.each(ROWS)("$prefix* is a row without overlaps, every field aligned", (row) => {
    const natural = (width: number): number =>
      width === 1 || width === 2 || width === 4 ? width : 4;
    expect(faultsOf(row.prefix, row.fields, natural, row.bytes)).toEqual([]);
    const named = ofPrefix(row.prefix, row.others).map(([name]) => name.slice(row.prefix.length));
    expect(named.sort()).toEqual(Object.keys(row.fields).sort());
  });

  it("gives every input column room for a batch, 64-byte aligned", () => {
    const widths = Object.fromEntries(
      Object.entries(COLUMNS).map(([name, width]) => [name, width * contract.BATCH_ROWS]),
    );
    expect(faultsOf("COL_", widths, () => 64, contract.COLUMNS_BYTES)).toEqual([]);
    expect(ofPrefix("COL_").length).toBe(Object.keys(COLUMNS).length);
  });

  it("gives every result array room for an emission", () => {
    const widths = Object.fromEntries(
      Object.entries(RESULTS).map(([name, width]) => [name, width * contract.EMIT_ROWS]),
    );
    expect(faultsOf("EMIT_", widths, () => 64, contract.EMIT_RESULTS_BYTES)).toEqual([]);
  });

  it("gives every result array of a further timeline room for an emission", () => {
    const widths = { REASON: 1, CHANGE: 1, DETAIL: 4, RULES: 4 };
    const room = Object.fromEntries(
      Object.entries(widths).map(([name, width]) => [name, width * contract.EMIT_ROWS]),
    );
    expect(faultsOf("EMIT_FURTHER_", room, () => 64, contract.EMIT_FURTHER_BYTES)).toEqual([]);
    expect(ofPrefix("EMIT_FURTHER_", ["BYTES"]).length).toBe(Object.keys(widths).length);
  });

  it("gives every list of counters room for its codes", () => {
    const room = contract.COUNTER_SLOTS;
    const widths = {
      REASONS: contract.REASON_COUNT,
      GRADES: contract.GRADE_COUNT,
      MATRIX: 2 * contract.VERDICT_COUNT,
      CONNECTIONS: contract.VERDICT_COUNT,
      MALFORMED_REASONS: contract.MALFORMED_REASONS,
      CAUSES: contract.CAUSE_COUNT,
    };
    const single = ofPrefix("COUNT_", Object.keys(widths)).map(([name]) => [
      name.slice("COUNT_".length),
      1,
    ]);
    const all = { ...Object.fromEntries(single), ...widths };
    expect(faultsOf("COUNT_", all, () => 1, room)).toEqual([]);
  });

  it("has a presence bit for every field", () => {
    const codes = ofPrefix("FIELD_", ["COUNT"]).map(([, code]) => code);
    expect([...codes].sort((a, b) => a - b)).toEqual(
      Array.from({ length: contract.FIELD_COUNT }, (_, code) => code),
    );
    expect(contract.FIELD_COUNT).toBeLessThanOrEqual(32);
  });
});
