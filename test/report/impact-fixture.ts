import type { Impact, ImpactTuple } from "../../src/questions/index.js";

const DENIED: ImpactTuple = {
  change: "newly-denied",
  cutOver: null,
  survivesUntil: null,
  source: {
    kind: "groups",
    label: "sg-0aaaaaaaaaaaaaaaa",
    ids: ["sg-0aaaaaaaaaaaaaaaa"],
    names: ["app"],
  },
  destination: {
    kind: "groups",
    label: "sg-0bbbbbbbbbbbbbbbb",
    ids: ["sg-0bbbbbbbbbbbbbbbb"],
    names: ["db"],
  },
  protocol: 6,
  port: 5432,
  directions: ["ingress", "egress"],
  connections: 1_200,
  records: 2_400,
  forward: 1_200,
  replies: 1_200,
  bytes: 56_789_012,
  seenAtBothEnds: true,
  first: 1_734_193_600,
  last: 1_734_200_000,
  grades: { measured: 1_100, inferred: 100 },
  openingsAssumed: 3,
  peers: {
    distinct: 4,
    top: [
      { name: "10.0.1.5", connections: 900 },
      { name: "10.0.1.6", connections: 200 },
      { name: "10.0.1.7", connections: 60 },
      { name: "10.0.1.8", connections: 40 },
    ],
  },
  interfaces: { distinct: 1, top: [{ name: "eni-0bbbbbbbbbbbbbbbb", connections: 1_200 }] },
  samples: [
    { file: "logs/a.log.gz", line: 17, start: 1_734_193_600 },
    { file: "logs/\u001b[31mevil|`<b>.log", line: 3, start: 1_734_193_700 },
  ],
  baseline: [{ verdict: "allow", reason: "rule", detail: "", connections: 1_200 }],
  candidate: [
    { verdict: "deny", reason: "no-rule", detail: "", connections: 1_100 },
    { verdict: "deny", reason: "acl", detail: "acl-0a ingress 100", connections: 100 },
  ],
  baselineRules: { distinct: 1, top: [{ name: "sgr-0a", connections: 1_200 }] },
  candidateRules: { distinct: 0, top: [] },
  nearestMiss: {
    side: "candidate",
    interfaceId: "eni-0bbbbbbbbbbbbbbbb",
    remote: "10.0.1.5",
    groupIds: ["sg-0bbbbbbbbbbbbbbbb"],
    rules: 7,
    nearest: [
      {
        ruleId: "sgr-0c",
        groupId: "sg-0bbbbbbbbbbbbbbbb",
        at: { file: "next.json", line: 40 },
        failing: 1,
        criteria: ["port 5432 is not 5433"],
      },
    ],
  },
};

const REFUSED: ImpactTuple = {
  ...DENIED,
  cutOver: "refused",
  port: 6379,
  connections: 2,
  seenAtBothEnds: false,
  grades: { measured: 2 },
  openingsAssumed: 0,
  nearestMiss: { ...DENIED.nearestMiss!, rules: 0, nearest: [] },
};

const SURVIVING: ImpactTuple = {
  ...REFUSED,
  change: "unchanged",
  cutOver: "survives",
  survivesUntil: 1_734_632_000,
  connections: 5,
};

const ATTEMPT: ImpactTuple = {
  ...REFUSED,
  change: "newly-allowed",
  cutOver: null,
  source: { kind: "cidr", label: "0.0.0.0/0", cidr: "0.0.0.0/0" },
  port: 22,
  directions: ["ingress"],
  connections: 12,
  replies: 0,
  grades: { rejected: 12 },
  nearestMiss: { ...DENIED.nearestMiss!, side: "baseline" },
  baseline: [{ verdict: "deny", reason: "no-rule", detail: "", connections: 12 }],
  candidate: [{ verdict: "allow", reason: "rule", detail: "", connections: 12 }],
  baselineRules: { distinct: 0, top: [] },
  candidateRules: { distinct: 1, top: [{ name: "sgr-0d", connections: 12 }] },
};

const SAME: ImpactTuple = {
  ...ATTEMPT,
  change: "unchanged",
  protocol: 1,
  port: null,
  nearestMiss: null,
};

/** An impact in which every part of the report has something to say. */
export const IMPACT: Impact = {
  connections: {
    "newly-denied": 1_202,
    "newly-allowed": 12,
    unchanged: 298_000,
    undetermined: 786,
  },
  records: {
    "newly-denied": 2_404,
    "newly-allowed": 14,
    unchanged: 1_230_000,
    undetermined: 9_000,
  },
  bytes: {
    "newly-denied": 56_790_000,
    "newly-allowed": 720,
    unchanged: 9_876_543_210,
    undetermined: 1_000,
  },
  tuples: { "newly-denied": 2, "newly-allowed": 1, unchanged: 30, undetermined: 4 },
  cutOvers: { survives: 5, cut: 1, refused: 2 },
  newlyAllowedAre: "attempts-only",
  hiddenScanners: {
    connections: 4_000,
    records: 4_000,
    forward: 4_000,
    replies: 0,
    bytes: 160_000,
    peers: 31,
  },
  list: [DENIED, REFUSED, SURVIVING, ATTEMPT, SAME],
  more: 33,
};

const NONE = { "newly-denied": 0, "newly-allowed": 0, unchanged: 0, undetermined: 0 };

/** An impact of nothing on nothing. */
export const NO_IMPACT: Impact = {
  connections: NONE,
  records: NONE,
  bytes: NONE,
  tuples: NONE,
  cutOvers: { survives: 0, cut: 0, refused: 0 },
  newlyAllowedAre: "attempts-only",
  hiddenScanners: null,
  list: [],
  more: 0,
};
