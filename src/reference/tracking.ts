import type { Group, Rule } from "../model/rule-set.js";
import type { Direction } from "../model/verdict.js";
import { hasPorts, opposite } from "./flow.js";
import type { InterfaceView } from "./interface-view.js";
import { fitsPort, fitsProtocol, isClassicOpen, type Policy, type Question } from "./policy.js";
import { ownersOf, type Snapshot } from "./snapshot.js";

/** Whether AWS keeps an entry for the connection (semantics 6.1). It changes no verdict under one rule set. */
export type Tracking = "tracked" | "untracked" | "tracked-automatically";

/** Interface types whose traffic is tracked whatever the rules say (documented). */
const AUTOMATIC_TYPES: ReadonlySet<string> = new Set([
  "network_load_balancer",
  "natGateway",
  "nat_gateway",
  "global_accelerator_managed",
  "vpc_endpoint",
  "lambda",
]);

/** The tracking of a connection that the rules admit. The path is known by the interface types of its two ends. */
export function trackingOf(snapshot: Snapshot, view: InterfaceView, question: Question): Tracking {
  const { direction, protocol, remote, port } = question;
  if (!hasPorts(protocol)) return "tracked";
  const opens = (rule: Rule): boolean =>
    fitsPort(rule, protocol, port) && fitsProtocol(rule, protocol);
  const answers = (rule: Rule): boolean =>
    fitsProtocol(rule, protocol) &&
    (rule.protocol === -1 || (rule.fromPort <= 0 && rule.toPort >= 65_535));
  const open =
    admitsAll(view.policy, direction, remote.family, opens) &&
    admitsAll(view.policy, opposite(direction), remote.family, answers);
  if (!open) return "tracked";
  const ends = [view.owner, ...ownersOf(snapshot, remote)];
  const automatic = ends.some((end) => end?.type !== undefined && AUTOMATIC_TYPES.has(end.type));
  return automatic ? "tracked-automatically" : "untracked";
}

function admitsAll(
  policy: Policy,
  direction: Direction,
  family: 4 | 6,
  fits: (rule: Rule) => boolean,
): boolean {
  const covers = (rule: Rule): boolean =>
    rule.direction === direction &&
    rule.peer.kind === "cidr" &&
    rule.peer.cidr.length === 0 &&
    rule.peer.cidr.address.family === family &&
    fits(rule);
  return policy.groups.some(
    (group: Group) => group.rules.some(covers) || (direction === "egress" && isClassicOpen(group)),
  );
}
