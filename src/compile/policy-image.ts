import * as image from "../contract.js";
import { FlowError } from "../errors.js";
import { answersOf, openFamilies } from "./open-rules.js";
import type { PeerTable } from "./peers.js";
import type { Policy } from "./policies.js";
import { type PolicyRow, type PolicyWriter, setBit } from "./policy-writer.js";
import type { RuleOrder } from "./rule-order.js";

/** What the rows of the groups' policies refer to. */
export interface PolicyInputs {
  readonly order: RuleOrder;
  readonly peers: PeerTable;
  /** Groups that a network load balancer carries, with the indices of all interfaces that carry them (3.5d). */
  readonly nlbGroups: ReadonlyMap<string, readonly number[]>;
}

/** Writes rows and data of the policies that groups make. */
export function writePolicies(
  writer: PolicyWriter,
  policies: readonly Policy[],
  inputs: PolicyInputs,
): void {
  const nlbLists = new Map<string, number>();
  const { order, peers } = inputs;
  for (const policy of policies) writePolicy(policy);

  function writePolicy({ rules, direction, missing }: Policy): void {
    const row = writer.add({
      criteria: rules.map((rule) => order.rules[rule]!),
      peers: rules.map((rule) => peers.ofRule[rule]!),
      list: rules,
    });
    const peerKind = (position: number): string => order.rules[rules[position]!]!.peer.kind;
    const isOpen = (position: number): boolean => openFamilies(order, rules[position]!).length > 0;
    row.put(image.POLICY_MISSING, missing);
    row.putMask(image.POLICY_UNRESOLVED, (position) => peers.unresolved[rules[position]!] === 1);
    row.putMask(image.POLICY_GROUP_PEERS, (position) => peerKind(position) === "group");
    row.putMask(image.POLICY_OPEN, isOpen);
    row.put(image.POLICY_ANSWERS, answersOf(order, rules));
    if (direction === "ingress") writeNlb(rules, row);
  }

  /** Semantics 3.5d: one slot per group of the policy that a load balancer carries. */
  function writeNlb(rules: readonly number[], row: PolicyRow): void {
    const slots = new Map<string, Uint32Array>();
    rules.forEach((rule, position) => {
      const { peer, groupId } = order.rules[rule]!;
      if (peer.kind !== "group" || !inputs.nlbGroups.has(peer.id)) return;
      const bits = slots.get(peer.id) ?? row.emptyBitset();
      setBit(bits, position);
      slots.set(peer.id, bits);
      if (slots.size > image.POLICY_MAX_NLB) throw tooManySlots(groupId);
    });
    if (slots.size === 0) return;
    const nlbRows: number[] = [];
    for (const [id, bits] of slots) {
      const list = inputs.nlbGroups.get(id)!;
      nlbRows.push(row.placeBitset(bits), nlbListOf(row, id, list), list.length, 0);
    }
    row.put(image.POLICY_NLB, row.place(nlbRows));
    row.put(image.POLICY_NLB_COUNT, slots.size);
  }

  function nlbListOf(row: PolicyRow, id: string, list: readonly number[]): number {
    const known = nlbLists.get(id);
    if (known !== undefined) return known;
    const at = row.place(list);
    nlbLists.set(id, at);
    return at;
  }
}

function tooManySlots(groupId: string): FlowError {
  return new FlowError(
    "too-many-load-balancer-groups",
    `an interface with group ${groupId} refers to more than ${image.POLICY_MAX_NLB} groups of network load balancers in its ingress rules; at most ${image.POLICY_MAX_NLB} are allowed`,
    { hint: "load the interfaces of fewer load balancers, or split the group" },
  );
}
