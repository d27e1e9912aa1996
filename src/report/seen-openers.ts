// Connections of a log that are like a flow somebody asks about: one row per kind of opener.

import { CHANGES, type JudgedOpener } from "../model/opener.js";
import { REASON_MEANINGS } from "./meanings.js";
import { byteSize, grouped, timestamp } from "./quantity.js";
import type { Json } from "./report.js";
import { paragraph, type Section } from "./report-body.js";

/** A row of openers, and what the record that was asked about is in its connections; null where none was. */
export interface SeenOpener {
  readonly opener: JudgedOpener;
  readonly role: "forward" | "reply" | "undecided" | null;
}

/** As JSON. */
export function seenDocument({ opener, role }: SeenOpener): Json {
  const { direction, port, grade, action, connections, openingsAssumed } = opener;
  const { forward, replies, bytes, first, last, samples, rulings, changes, scanner } = opener;
  const { verdict, reason, detail, rules } = rulings[0]!;
  return {
    ...{ role, direction, port, grade, action, connections, openingsAssumed },
    ...{ forward, replies, bytes, first, last },
    ...{ verdict, reason, detail, rules },
    changes: changes.map(({ change }) => change),
    scanner,
    samples,
  };
}

const ROLES: Readonly<Record<Exclude<SeenOpener["role"], null>, string>> = {
  forward: "the record is one of the opener's side",
  reply: "the record is a reply",
  undecided: "nobody knows who opened it",
};

const ACTIONS: Readonly<Record<JudgedOpener["action"], string>> = {
  accepted: "AWS accepted it",
  rejected: "AWS rejected it",
  none: "without an action",
};

/** What of it the log held. */
export function seenSection(seen: readonly SeenOpener[], heading: string): Section {
  if (seen.length === 0)
    return { heading, blocks: [paragraph("No such connection was seen in the log.")] };
  return {
    heading,
    blocks: [
      {
        kind: "table",
        columns: [
          { title: "connections", align: "right" },
          { title: "records", align: "right" },
          { title: "bytes", align: "right" },
          { title: "opener", align: "left" },
          { title: "first seen", align: "left" },
          { title: "last seen", align: "left" },
        ],
        rows: seen.map(({ opener, role }) => {
          const { connections, forward, replies, bytes, grade, first, last } = opener;
          const { verdict, reason } = opener.rulings[0]!;
          const changed = CHANGES.filter(
            (change) =>
              change !== "unchanged" && opener.changes.some((each) => each.change === change),
          );
          return {
            cells: [
              ...[grouped(connections), grouped(forward + replies), byteSize(bytes), grade],
              ...[timestamp(first), timestamp(last)],
            ],
            details: [
              ...(role === null ? [] : [ROLES[role]]),
              `${ACTIONS[opener.action]}; these rules: ${verdict}, ${REASON_MEANINGS[reason]}`,
              ...(changed.length === 0 ? [] : [`under a candidate: ${changed.join(", ")}`]),
              { places: opener.samples.map(({ file, line }) => `${file}:${line}`) },
            ],
          };
        }),
      },
    ],
  };
}
