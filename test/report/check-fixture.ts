import type { FidelityCheck } from "../../src/questions/index.js";
import { BUSY } from "./summary-fixture.js";

const { acceptedButDenied, rejectedButAllowed } = BUSY.mismatches;

/** The check of the busy summary. */
export const CHECK: FidelityCheck = {
  fidelity: BUSY.fidelity,
  agreeing: 1_219_325,
  disagreeing: 1_235,
  acceptedButDenied: 1_234,
  rejectedButAllowed: 1,
  unknown: 13_000,
  withoutAction: 2_000,
  disagreements: [
    {
      kind: "accepted-but-denied",
      cause: "rules-changed-or-incomplete",
      evidence: "suggested",
      records: 1_200,
      share: 1_200 / 1_235,
      settledBy: [
        {
          document: "the rules as they were when the log was taken",
          command: "aws ec2 describe-security-groups --output json > security-groups.json",
        },
      ],
      tuples: acceptedButDenied.map((tuple) => ({
        ...tuple,
        recordsOfCause: 1_200,
        connections: 40,
        grades: { measured: 39, inferred: 1 },
      })),
      tuplesCut: true,
    },
    {
      kind: "rejected-but-allowed",
      cause: "acl-suspected",
      evidence: "open",
      records: 1,
      share: 1 / 1_235,
      settledBy: [{ document: "network ACLs", command: null }],
      tuples: rejectedButAllowed.map((tuple) => ({
        ...tuple,
        recordsOfCause: 1,
        connections: 0,
        grades: {},
      })),
      tuplesCut: false,
    },
  ],
  undecided: [
    {
      reason: "peer-unresolved",
      records: 13_000,
      details: {
        distinct: 2,
        top: [
          { name: "pl-0a", connections: 7 },
          { name: "sg-0c", connections: 1 },
        ],
      },
      settledBy: [],
    },
  ],
};
