// A removal plan: what can go together, what that closes, and why the rest stays.

import type { Impact, KeepReason, KeptRule, RemovalPlan, RemovedRule } from "../questions/index.js";
import { byteSize, counted, grouped, magnitude } from "./quantity.js";
import {
  type Block,
  type Column,
  note,
  paragraph,
  type Row,
  type Section,
  toned,
} from "./report-body.js";
import { sharesText } from "./tuple-text.js";
import { groupCoverageText } from "./usage-sections.js";

const REMOVED_COLUMNS: readonly Column[] = [
  { title: "rule", align: "left", code: true },
  { title: "class", align: "left" },
  { title: "openers", align: "right" },
  { title: "records", align: "right" },
  { title: "bytes", align: "right" },
];

const KEPT_COLUMNS: readonly Column[] = [
  { title: "rule", align: "left", code: true },
  { title: "class", align: "left" },
  { title: "sole", align: "right" },
  { title: "undecided", align: "right" },
  { title: "stays", align: "left" },
];

const KEEP_MEANINGS: Readonly<Record<KeepReason, string>> = {
  needed: "no other rule that stays admits all it admitted",
  "undecided-traffic": "it may admit what is not decided",
  "not-observable": "its traffic is in no log",
  "on-no-interface": "no interface carries its group: nothing was tested",
  undecidable: "whether it was used cannot be told",
  "not-a-rule": "EC2-Classic: it is in no document",
};

function closesText({ closes }: RemovedRule): string {
  const { addresses, ports, pairs, atMost } = closes;
  const known =
    addresses === null
      ? ""
      : `${magnitude(addresses)} ${addresses === 1 ? "address" : "addresses"}`;
  const own = `${known === "" ? "addresses not known" : known} × ${counted(ports, "port")}`;
  if (pairs === null) return `it opens ${own}`;
  const bound = atMost ? "at most " : "";
  const noun = pairs === 1 ? "pair" : "pairs";
  return `closes ${bound}${magnitude(pairs)} address-port ${noun} that nobody used (${own})`;
}

function removedRow(rule: RemovedRule): Row {
  const admitted =
    rule.admittedBy.length === 0
      ? "it admitted nothing"
      : `what it admitted stays admitted by ${sharesText(rule.admittedBy)}`;
  return {
    cells: [
      rule.id,
      rule.class,
      grouped(rule.connections),
      grouped(rule.records),
      byteSize(rule.bytes),
    ],
    details: [`${admitted}; ${closesText(rule)}`, groupCoverageText(rule.coverage)],
  };
}

function keptRow(rule: KeptRule): Row {
  return {
    cells: [
      rule.id,
      rule.class,
      grouped(rule.soleConnections),
      grouped(rule.undecided),
      rule.reason,
    ],
  };
}

/** The reasons that occur, in words. */
function reasonSentences(kept: readonly KeptRule[]): string[] {
  const reasons = new Set(kept.map(({ reason }) => reason));
  return [...reasons].map((reason) => `${reason}: ${KEEP_MEANINGS[reason]}.`);
}

/** What a diff of the remaining rules on the same log says. */
function proofBlock(proof: Impact): Block {
  const broken = proof.connections["newly-denied"];
  const open = proof.connections.undetermined;
  if (broken + open > 0) {
    const text = `The diff of the remaining rules on the same log disagrees: ${counted(broken, "connection")} would break, ${grouped(open)} cannot be told. Do not remove these rules.`;
    return note(toned(text, "bad"));
  }
  const same = counted(proof.connections.unchanged, "connection");
  return paragraph(
    toned(
      `Proved by the diff of the remaining rules on the same log: ${same}, none would break.`,
      "good",
    ),
  );
}

/** The sentence of a plan. Nothing is ever applied. */
export function removalSentence({ removed, kept, connections, optimal }: RemovalPlan): string {
  const all = removed.length + kept.length;
  const stay = `${counted(connections, "connection")} that rules admitted ${connections === 1 ? "stays" : "stay"} admitted`;
  const best = optimal ? "no larger set can go" : "a larger set is not ruled out";
  return `${grouped(removed.length)} of ${counted(all, "rule")} can go together; ${stay}; ${best}. Nothing is applied.`;
}

/** `proof`: the diff of the remaining rules on the same log, where it was made. */
export function removalSections(plan: RemovalPlan, proof: Impact | null): Section[] {
  return [
    {
      heading: "Rules that can go together",
      blocks: [
        ...(proof === null ? [] : [proofBlock(proof)]),
        {
          kind: "table",
          columns: REMOVED_COLUMNS,
          rows: plan.removed.map(removedRow),
          none: "None.",
        },
      ],
    },
    {
      heading: "Rules that stay",
      blocks: [
        {
          kind: "table",
          columns: KEPT_COLUMNS,
          rows: plan.kept.map(keptRow),
          none: "None.",
          foot: reasonSentences(plan.kept),
        },
      ],
    },
  ];
}
