import type { InterfaceCoverage, MismatchTuple, Summary } from "../../src/analysis/summary.js";
import type { Grade, Reason } from "../../src/model/verdict.js";
import { GRADES, REASONS } from "../../src/model/verdict.js";
import type { Selection } from "../../src/report/selection.js";

export function reasonsOf(counts: Partial<Record<Reason, number>>): Record<Reason, number> {
  const entries = REASONS.map((reason) => [reason, counts[reason] ?? 0]);
  return Object.fromEntries(entries) as Record<Reason, number>;
}

export function gradesOf(counts: Partial<Record<Grade, number>>): Record<Grade, number> {
  const entries = GRADES.map((grade) => [grade, counts[grade] ?? 0]);
  return Object.fromEntries(entries) as Record<Grade, number>;
}

/** The summary of an input without a single record. */
export const EMPTY: Summary = {
  partial: false,
  records: { read: 0, judged: 0, nodata: 0, skipdata: 0, malformed: 0, late: 0 },
  verdicts: { allow: 0, deny: 0, unknown: 0 },
  matrix: {
    accept: { allow: 0, deny: 0, unknown: 0 },
    reject: { allow: 0, deny: 0, unknown: 0 },
  },
  reasons: reasonsOf({}),
  grades: gradesOf({}),
  connections: { total: 0, allow: 0, deny: 0, unknown: 0, evicted: 0 },
  fidelity: null,
  causes: {},
  mismatches: { acceptedButDenied: [], rejectedButAllowed: [], more: 0 },
  rules: [],
  coverage: {
    firstStart: null,
    lastEnd: null,
    overTime: null,
    files: 0,
    filesOutsideTime: 0,
    bytesRead: 0,
    interfaces: { seen: 0, withRules: 0, withoutRules: 0, inferredAddresses: 0, list: [] },
    malformed: { byReason: {}, samples: [] },
    missingFields: [],
    brokenFiles: [],
    notes: [],
    openingsAssumed: 0,
    endpointsEvicted: 0,
    filtered: 0,
    snapshotTakenAt: null,
  },
};

const WEB: InterfaceCoverage = {
  id: "eni-0aaaaaaaaaaaaaaaa",
  inRuleSet: true,
  records: 1_230_000,
  allow: 1_200_000,
  deny: 20_000,
  unknown: 10_000,
  nodata: 4,
  skipdata: 0,
  skipdataSeconds: 0,
  firstStart: 1_734_193_512,
  lastEnd: 1_734_280_000,
  inferredAddress: null,
};

const DATABASE: InterfaceCoverage = {
  ...WEB,
  id: "eni-0bbbbbbbbbbbbbbbb",
  inRuleSet: false,
  records: 4_567,
  nodata: 0,
  skipdata: 3,
  skipdataSeconds: 184,
};

const DENIED: MismatchTuple = {
  interfaceId: WEB.id,
  direction: "ingress",
  remote: "198.51.100.7",
  protocol: 6,
  port: 443,
  records: 1_234,
  bytes: 56_789_012,
  causes: { "opened-before-log": 34, "rules-changed-or-incomplete": 1_200 },
  firstStart: 1_734_193_600,
  lastEnd: 1_734_200_000,
  samples: [
    { file: "logs/a.log.gz", line: 17 },
    { file: "logs/a.log.gz", line: 18 },
    { file: "logs/b.log.gz", line: 2 },
  ],
};

const ALLOWED: MismatchTuple = {
  interfaceId: DATABASE.id,
  direction: null,
  remote: "2001:db8:1234:5678:9abc:def0:1234:5678",
  protocol: 41,
  port: null,
  records: 1,
  bytes: 60,
  causes: { "acl-suspected": 1 },
  firstStart: 1_734_193_700,
  lastEnd: 1_734_193_760,
  samples: [{ file: "logs/\u001b[31mevil.log", line: 3 }],
};

/** A summary in which every line of the report has something to say. */
export const BUSY: Summary = {
  partial: true,
  records: {
    read: 1_234_574,
    judged: 1_234_560,
    nodata: 4,
    skipdata: 3,
    malformed: 7,
    late: 12,
  },
  verdicts: { allow: 1_201_001, deny: 20_559, unknown: 13_000 },
  matrix: {
    accept: { allow: 1_200_000, deny: 1_234, unknown: 9_000 },
    reject: { allow: 1, deny: 19_325, unknown: 3_000 },
  },
  reasons: reasonsOf({
    rule: 800_000,
    reply: 401_001,
    "no-rule": 20_500,
    expired: 59,
    "icmp-type": 13_000,
  }),
  grades: gradesOf({ measured: 1_000_000, inferred: 234_554, "one-way": 5, unknown: 1 }),
  connections: { total: 300_000, allow: 290_000, deny: 9_000, unknown: 1_000, evicted: 2 },
  fidelity: 1_219_325 / 1_220_560,
  causes: { "opened-before-log": 34, "rules-changed-or-incomplete": 1_200, "acl-suspected": 1 },
  mismatches: { acceptedButDenied: [DENIED], rejectedButAllowed: [ALLOWED], more: 5 },
  rules: [{ id: "sgr-0a", records: 5, bytes: 100, connections: 2 }],
  coverage: {
    firstStart: 1_734_193_512,
    lastEnd: 1_734_280_000,
    overTime: {
      seconds: 21_600,
      first: 1_734_177_600,
      allow: [520_000, 0, 400_000, 290_000, 1_000],
      deny: [5_000, 0, 3_000, 1_560, 0],
      unknown: [10_000, 0, 2_000, 1_000, 1_000],
    },
    files: 2,
    filesOutsideTime: 12,
    bytesRead: 123_456_789,
    interfaces: {
      seen: 2,
      withRules: 1,
      withoutRules: 1,
      inferredAddresses: 1,
      list: [WEB, DATABASE],
    },
    malformed: {
      byReason: { "field-count": 5, address: 2 },
      samples: [
        {
          file: "logs/a.log.gz",
          line: 9,
          reason: "field-count",
          text: "2 123456789012 eni-\u001b]0;owned\u0007",
        },
      ],
    },
    missingFields: [
      {
        field: "tcp-flags",
        records: 1_000,
        cost: "openers are inferred from ports and peers, not measured",
      },
    ],
    brokenFiles: [{ name: "logs/c.log.gz", code: "log-broken", message: "gzip stream ends early" }],
    notes: [
      {
        file: "logs/d.csv",
        line: 2,
        code: "account-id-spoiled",
        message: "6.02E+11 is no account id",
      },
    ],
    openingsAssumed: 4_321,
    endpointsEvicted: 1,
    filtered: 77,
    snapshotTakenAt: 1_734_290_000,
  },
};

/** What was asked of the records of BUSY; a terminal's escape and Markdown in what logs hold. */
export const SELECTED: Selection = {
  where: 'verdict = deny and file != "a|b"',
  records: 1_500,
  bytes: 90_000,
  verdicts: { allow: 0, deny: 1_500, unknown: 0 },
  top: [
    {
      keys: ["dstport"],
      by: "records",
      entries: [
        { values: [22], records: 1_200, bytes: 72_000 },
        { values: [null], records: 40, bytes: 4_000 },
      ],
      more: 12,
      missed: { records: 3, bytes: 900 },
    },
    {
      keys: ["interface_id", "remote"],
      by: "bytes",
      entries: [{ values: ["eni-\u001b[2J|*x*", "2001:db8::1"], records: 7, bytes: 80_000 }],
      more: 0,
      missed: { records: 0, bytes: 0 },
    },
  ],
};
