// A candidate's rules: made of the rules as they are, its documents and its edits; and what the editor shows of them.

import { FlowError } from "../../errors.js";
import { countRules, type LintFinding, lintRuleSet } from "../../lint/index.js";
import { type Cidr, parseCidr } from "../../model/address.js";
import type { Group, Peer, Rule, RuleSet } from "../../model/rule-set.js";
import type { Direction } from "../../model/verdict.js";
import { type ImpactTuple, RULES_PER_GROUP, type TupleEnd } from "../../questions/index.js";
import {
  applyEdits,
  type EditedRules,
  editsBetween,
  formatEdit,
  formatRuleWords,
  groupsAsAwsJson,
  loadCandidate,
  parseEdits,
  ruleEdit,
  ruleKey,
} from "../../rules/index.js";
import type {
  CandidateText,
  CandidateTold,
  EditorFinding,
  EditorGroup,
  EditorRule,
  GroupTold,
} from "../protocol.js";

/** Candidates kept: asked about again with every keystroke. */
const MOST_KEPT = 4;

interface Made extends EditedRules {
  readonly notes: readonly string[];
}

export class CandidateRules {
  private readonly baseline: RuleSet;
  private readonly made = new Map<string, Made>();
  private readonly baselineLint: ReadonlySet<string>;

  constructor(baseline: RuleSet) {
    this.baseline = baseline;
    this.baselineLint = new Set(lintRuleSet(baseline).map(findingKey));
  }

  ruleSet(candidate: CandidateText): RuleSet {
    return this.of(candidate).ruleSet;
  }

  /** Groups with their quotas, what the edits did, what lint finds that it did not find before. */
  told(candidate: CandidateText): CandidateTold {
    const { ruleSet, outcomes, notes } = this.of(candidate);
    const ids = [...new Set([...this.baseline.groups.keys(), ...ruleSet.groups.keys()])].sort();
    return {
      groups: ids.map((id) => this.groupTold(id, ruleSet)),
      outcomes: outcomes.map(({ line, did, notes: follow }) => ({ line, did, notes: follow })),
      notes: [...notes, ...this.unseen(ruleSet)],
      lint: lintRuleSet(ruleSet)
        .filter((finding) => !this.baselineLint.has(findingKey(finding)))
        .map(findingTold),
    };
  }

  /** The rules of one group beside those of the baseline; `hits`: connections by rule of the baseline. */
  group(candidate: CandidateText, id: string, hits: ReadonlyMap<string, number>): EditorGroup {
    const before = this.baseline.groups.get(id);
    const after = this.of(candidate).ruleSet.groups.get(id);
    const kept = new Set(after?.rules.map(ruleKey));
    const had = new Map(before?.rules.map((rule) => [ruleKey(rule), rule]));
    const rules: EditorRule[] = [
      ...(before?.rules ?? []).map((rule) =>
        ruleTold(rule, kept.has(ruleKey(rule)) ? "kept" : "removed", hits.get(rule.id) ?? 0),
      ),
      ...(after?.rules ?? [])
        .filter((rule) => !had.has(ruleKey(rule)))
        .map((rule) => ruleTold(rule, "added", null)),
    ];
    return {
      id,
      name: (after ?? before)?.name ?? null,
      rules: [...rules.filter(isIngress), ...rules.filter((rule) => !isIngress(rule))],
      json: after === undefined ? "" : groupsAsAwsJson([after]),
    };
  }

  /** The edits that make the documents' rules of the candidate's. Throws for what no edit can say. */
  editsOf(candidate: CandidateText, json: string): readonly string[] {
    const { ruleSet } = this.of(candidate);
    const wanted = loadCandidate(ruleSet, [{ name: "the JSON", text: json, explicit: true }]);
    const { lines, left } = editsBetween(ruleSet, wanted.ruleSet);
    if (left.length > 0)
      throw new FlowError("edit-unsayable", `edits cannot say this: ${left.join("; ")}`, {
        hint: "load it as a file: then the candidate is what the file says",
      });
    return lines;
  }

  private of(candidate: CandidateText): Made {
    const key = JSON.stringify(candidate);
    let made = this.made.get(key);
    if (made === undefined) {
      made = this.make(candidate);
      this.made.set(key, made);
      if (this.made.size > MOST_KEPT) this.made.delete(this.made.keys().next().value!);
    }
    return made;
  }

  private make({ name, edits, documents }: CandidateText): Made {
    if (documents.length === 0)
      return { ...applyEdits(this.baseline, parseEdits(edits, name)), notes: [] };
    const { ruleSet, warnings, report } = loadCandidate(this.baseline, documents);
    return {
      ...applyEdits(ruleSet, parseEdits(edits, name)),
      notes: [
        ...warnings.map(({ at, message }) => `${at}: ${message}`),
        ...report.findings.map(({ subject, message }) => `${subject}: ${message}`),
      ],
    };
  }

  private groupTold(id: string, ruleSet: RuleSet): GroupTold {
    const before = this.baseline.groups.get(id);
    const after = ruleSet.groups.get(id);
    const counts = after === undefined ? [] : countRules(after, ruleSet);
    const most = (direction: Direction): number =>
      Math.max(0, ...counts.filter((count) => count.direction === direction).map((c) => c.rules));
    let interfaces = 0;
    for (const { groupIds } of ruleSet.interfaces.values()) if (groupIds.includes(id)) interfaces++;
    return {
      id,
      name: (after ?? before)?.name ?? null,
      ingress: most("ingress"),
      egress: most("egress"),
      quota: RULES_PER_GROUP,
      interfaces,
      change: changeOf(before, after),
    };
  }

  /** Interfaces that the rules do not filter leave no rows of openers: nothing is known of what a candidate does there. */
  private unseen({ interfaces, attach }: RuleSet): string[] {
    const filtered = (id: string): boolean =>
      (this.baseline.interfaces.get(id)?.groupIds.length ?? this.baseline.attach.length) > 0;
    const ids = [...interfaces.values()]
      .filter(({ id, groupIds }) => groupIds.length > 0 && !filtered(id))
      .map(({ id }) => id);
    const open = attach.length > 0 && this.baseline.attach.length === 0;
    if (ids.length === 0 && !open) return [];
    const which = ids.length === 0 ? "interfaces that no document describes" : ids.join(", ");
    return [
      `This candidate gives groups to ${which}, which the rules as they are do not filter: connections there are not in the impact. Add the groups to the rules, read the logs again, and revoke them in the candidate; or use flowverdict diff.`,
    ];
  }
}

function isIngress({ direction }: EditorRule): boolean {
  return direction === "ingress";
}

function changeOf(before: Group | undefined, after: Group | undefined): GroupTold["change"] {
  if (before === undefined) return "added";
  if (after === undefined) return "removed";
  if (before === after) return "same";
  const keys = new Set(before.rules.map(ruleKey));
  const same =
    before.rules.length === after.rules.length && after.rules.every((r) => keys.has(ruleKey(r)));
  return same ? "same" : "changed";
}

function findingKey({ code, subject, message }: LintFinding): string {
  return `${code} ${subject.id} ${message}`;
}

function findingTold({ code, level, subject, message, advice }: LintFinding): EditorFinding {
  return { code, level, subject: subject.id, message, advice };
}

function ruleTold(rule: Rule, state: EditorRule["state"], hits: number | null): EditorRule {
  const [, protocol = "", ports = "", ...peer] = formatRuleWords(rule).split(" ");
  return {
    state,
    direction: rule.direction,
    protocol,
    ports,
    peer: peer.join(" "),
    description: rule.description ?? "",
    hits,
    revoke: formatEdit({ ...ruleEdit("revoke", rule) }),
    authorize: formatEdit({ ...ruleEdit("authorize", rule) }),
  };
}

const NOWHERE = { file: "edits", line: 1, column: 1 };
const PORT_PROTOCOLS: ReadonlySet<number> = new Set([6, 17]);
const LAST_PORT = 65_535;

/** The edit that lets the connections of a tuple pass again which the candidate denies; null where none is known. */
export function fixOf(tuple: ImpactTuple): string | null {
  const { change, nearestMiss, protocol, port } = tuple;
  const group = nearestMiss?.groupIds[0];
  if (change !== "newly-denied" || nearestMiss?.side !== "candidate" || group === undefined)
    return null;
  const direction = directionOf(tuple, nearestMiss.groupIds);
  const peer = peerOf(
    direction === "ingress" ? tuple.source : tuple.destination,
    nearestMiss.remote,
  );
  const [fromPort, toPort] =
    PORT_PROTOCOLS.has(protocol) && port !== null ? [port, port] : [0, LAST_PORT];
  const traffic = { protocol, fromPort, toPort, icmpType: -1, icmpCode: -1 };
  return formatEdit({ kind: "authorize", group, direction, peer, ...traffic, at: NOWHERE });
}

/** As the interface saw it that denies; where both ends did, the end tells whose groups they are. */
function directionOf({ directions, source }: ImpactTuple, groupIds: readonly string[]): Direction {
  if (directions.length === 1) return directions[0]!;
  const isSource = source.kind === "groups" && groupIds.every((id) => source.ids.includes(id));
  return isSource ? "egress" : "ingress";
}

function peerOf(end: TupleEnd, remote: string): Peer {
  switch (end.kind) {
    case "groups":
      return { kind: "group", id: end.ids[0]! };
    case "prefix-list":
      return { kind: "prefix-list", id: end.id };
    case "cidr":
    case "address":
      return { kind: "cidr", cidr: cidrOf(end.cidr) };
    case "interface":
      return { kind: "cidr", cidr: cidrOf(remote) };
  }
}

function cidrOf(text: string): Cidr {
  return parseCidr(text, undefined, true);
}
