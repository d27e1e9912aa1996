// Groups that interfaces carry, and groups that go.
import type { Place } from "../../model/rule-set.js";
import type { AttachmentEdit, DeleteEdit } from "./edit.js";
import { failAt } from "./edit-words.js";
import {
  findGroup,
  findInterface,
  findReferredGroup,
  mention,
  rulesOf,
  type WorkingRules,
} from "./working-rules.js";

export function attach(work: WorkingRules, edit: AttachmentEdit): string {
  const carrier = findInterface(work, edit.interfaceId, edit.at);
  const id = findReferredGroup(work, edit.group, edit.at);
  if (carrier.groupIds.includes(id))
    failAt(
      edit.at,
      "edit-without-effect",
      `${carrier.id} carries ${id} already`,
      "leave the edit out",
    );
  mention(work.carriers, id, carrier.id);
  work.interfaces.set(carrier.id, { ...carrier, groupIds: [...carrier.groupIds, id].sort() });
  return `${carrier.id} carries ${id}`;
}

export function detach(work: WorkingRules, edit: AttachmentEdit): string {
  const carrier = findInterface(work, edit.interfaceId, edit.at);
  const id = carrier.groupIds.includes(edit.group)
    ? edit.group
    : findReferredGroup(work, edit.group, edit.at);
  if (!carrier.groupIds.includes(id))
    failAt(
      edit.at,
      "edit-without-effect",
      `${carrier.id} does not carry ${id}`,
      `it carries ${carrier.groupIds.join(", ") || "no group"}`,
    );
  loseGroup(work, carrier.id, id, edit.at);
  return `${carrier.id} no longer carries ${id}`;
}

/** AWS leaves no interface without a group, and one without groups filters nothing (semantics 1.3). */
function loseGroup(work: WorkingRules, interfaceId: string, id: string, at: Place): void {
  const carrier = findInterface(work, interfaceId, at);
  const groupIds = carrier.groupIds.filter((other) => other !== id);
  if (groupIds.length === 0)
    failAt(
      at,
      "edit-last-group",
      `${id} is the only group of ${interfaceId}, and an interface has at least one`,
      `attach another one first: attach ${interfaceId} sg-...`,
    );
  work.interfaces.set(interfaceId, { ...carrier, groupIds });
}

export function deleteGroup(work: WorkingRules, edit: DeleteEdit, notes: string[]): string {
  const { id, accountId } = findGroup(work, edit.group, edit.at);
  const carriers = [...(work.carriers.get(id) ?? [])]
    .map((interfaceId) => findInterface(work, interfaceId, edit.at))
    .filter(({ groupIds }) => groupIds.includes(id));
  const last = carriers.find(({ groupIds }) => groupIds.length === 1);
  // Asked before anything changes.
  if (last !== undefined) loseGroup(work, last.id, id, edit.at);
  for (const carrier of carriers) {
    loseGroup(work, carrier.id, id, edit.at);
    notes.push(`${carrier.id} no longer carries ${id}`);
  }
  if (work.attach.includes(id)) {
    work.attach = work.attach.filter((other) => other !== id);
    notes.push(`--attach no longer names ${id}`);
  }
  work.groups.delete(id);
  work.rules.delete(id);
  work.deleted.set(id, edit.at);
  for (const groupId of work.referrers.get(id) ?? []) {
    if (!work.groups.has(groupId)) continue;
    const rules = rulesOf(work, groupId);
    for (const [key, rule] of rules) {
      const { peer } = rule;
      const refers =
        peer.kind === "group" &&
        peer.id === id &&
        (peer.account === undefined || accountId === undefined || peer.account === accountId);
      if (!refers || rule.stale) continue;
      rules.set(key, { ...rule, stale: true });
      notes.push(`${rule.id} is stale now: it refers to ${id} and matches nothing`);
    }
  }
  return `${id} is gone`;
}
