// Groups that change on interfaces which no document gives to their resource: databases, functions, load balancers,
// launch templates, ... AWS makes these interfaces, and tells whose they are in a description at most.
import type { NetworkInterface, RuleSet } from "../model/rule-set.js";
import type { LoadContext } from "./load-context.js";
import { type ChangeSource, interfaceChange, type Overlay } from "./overlay.js";
import { serviceOfResource } from "./service-interfaces.js";
import type { Spot } from "./spot.js";
import { undecidedId } from "./undecided.js";

/** A resource that carries groups on interfaces which are not its own document's. */
export interface UnreadCarrier extends ChangeSource {
  /** As Terraform or CloudFormation call it. */
  readonly type: string;
  /** What descriptions of its interfaces may call it. */
  readonly names: readonly string[];
  /** Its interfaces, where the resource tells them. */
  readonly interfaceIds: readonly string[];
  readonly spot: Spot;
}

/** The groups in one attribute; `undefined`: open. */
export interface GroupList {
  /** `VpcConfig.SecurityGroupIds`. */
  readonly attribute: string;
  readonly ids: readonly string[] | undefined;
}

/** What becomes of a list of groups. */
export interface MovedGroups {
  readonly attribute: string;
  readonly before: readonly string[];
  /** `undefined`: what comes is open. Empty: none, or what AWS gives instead. */
  readonly after: readonly string[] | undefined;
}

export interface ReachedInterfaces {
  /** Interfaces that are the resource's for sure: they change as it does. */
  readonly certain: readonly string[];
  /** Interfaces that may be its own: what they lose or get is undecided. */
  readonly possible: readonly string[];
}

/** What becomes of lists that are not the same afterwards. */
export function movedLists(
  before: readonly GroupList[],
  after: readonly GroupList[],
): readonly MovedGroups[] {
  const left = new Map<string, GroupList[]>();
  for (const list of after) {
    const known = left.get(list.attribute);
    if (known === undefined) left.set(list.attribute, [list]);
    else known.push(list);
  }
  const gone: GroupList[] = [];
  for (const list of before) {
    const others = left.get(list.attribute) ?? [];
    const same = others.findIndex(
      ({ ids }) => ids !== undefined && ids.join() === list.ids?.join(),
    );
    if (same === -1) gone.push(list);
    else others.splice(same, 1);
  }
  const moved = gone.map(({ attribute, ids = [] }): MovedGroups => {
    const others = left.get(attribute) ?? [];
    const [next = { ids: [] }] = others;
    // Of several blocks nothing tells which one became which.
    const isTold =
      others.length < 2 && gone.filter((each) => each.attribute === attribute).length === 1;
    return { attribute, before: ids, after: isTold ? next.ids : undefined };
  });
  const told = new Set(gone.map(({ attribute }) => attribute));
  const come = [...left].flatMap(([attribute, [first]]) =>
    told.has(attribute) || first === undefined ? [] : [{ attribute, before: [], after: first.ids }],
  );
  return [...moved, ...come];
}

/** What changes of carriers are laid over. */
export interface CarrierWork {
  readonly context: LoadContext;
  readonly overlay: Overlay;
  readonly rules: RuleSet;
  /** Interfaces that are known to be of something else. */
  readonly isOther: (owner: NetworkInterface) => boolean;
}

/**
 * Moves groups on the interfaces of a resource. Those that may be its own keep what they carry either way; the rest is
 * undecided, and named after the resource. They are the interfaces that its service could have made and that carry all
 * of the old list, or the default group where it is empty. O(interfaces).
 */
export function moveGroups(
  work: CarrierWork,
  carrier: UnreadCarrier,
  moved: MovedGroups,
): ReachedInterfaces {
  const certain = certainOwners(work.rules, carrier);
  const owners = certain.length > 0 ? certain : possibleOwners(work, carrier, moved.before);
  for (const owner of owners) {
    const change = interfaceChange(work.overlay, owner.id, carrier);
    for (const id of moved.before) if (moved.after?.includes(id) !== true) change.detached.add(id);
    if (certain.length > 0 && moved.after !== undefined && moved.after.length > 0)
      for (const id of moved.after) change.attached.add(id);
    else change.attached.add(openGroup(work, carrier, moved.attribute));
  }
  const ids = owners.map(({ id }) => id);
  return certain.length > 0 ? { certain: ids, possible: [] } : { certain: [], possible: ids };
}

/**
 * The same for a resource of which only the groups it should have are told: nothing changes where an interface that it
 * may have carries just these. Else all that are known to be of its service, and do not carry them, keep of their groups
 * those that it names, and the rest is undecided. No list at all is the default group.
 */
export function settleGroups(
  work: CarrierWork,
  carrier: UnreadCarrier,
  lists: readonly GroupList[],
): ReachedInterfaces {
  const all = [...new Set(lists.flatMap(({ ids }) => ids ?? []))];
  const whole = lists.some(({ ids }) => ids === undefined)
    ? []
    : [all, ...lists.map(({ ids }) => ids ?? [])].map((ids) => [...ids].sort().join());
  const isSettled = ({ groupIds }: NetworkInterface): boolean =>
    lists.length === 0
      ? groupIds.some((id) => isDefault(work.rules, id))
      : whole.includes([...groupIds].sort().join());
  const certain = certainOwners(work.rules, carrier);
  const service = serviceOfResource(carrier.type);
  const owners =
    certain.length > 0
      ? certain.filter((owner) => !isSettled(owner))
      : unnamedOwners(work, carrier).filter(
          (owner) => service !== undefined && owner.service === service,
        );
  if (certain.length === 0 && owners.some(isSettled)) return { certain: [], possible: [] };
  for (const owner of owners) {
    const change = interfaceChange(work.overlay, owner.id, carrier);
    for (const id of owner.groupIds) if (!all.includes(id)) change.detached.add(id);
    change.attached.add(openGroup(work, carrier, lists[0]?.attribute ?? "groups"));
  }
  return { certain: [], possible: owners.map(({ id }) => id) };
}

/** The interfaces that are the resource's for sure. */
export function certainOwners(
  { interfaces }: RuleSet,
  { type, names, interfaceIds }: UnreadCarrier,
): readonly NetworkInterface[] {
  const wanted = serviceOfResource(type);
  return [...interfaces.values()].filter(
    ({ id, service, serviceName }) =>
      interfaceIds.includes(id) ||
      (wanted !== undefined &&
        wanted === service &&
        serviceName !== undefined &&
        names.includes(serviceName)),
  );
}

/** What a description calls by another name is another's, unless nobody knows what the resource's own are called. */
function unnamedOwners(
  { rules, isOther }: CarrierWork,
  { type, names }: UnreadCarrier,
): readonly NetworkInterface[] {
  const isNamed = names.length > 0 && serviceOfResource(type) !== undefined;
  return [...rules.interfaces.values()].filter(
    (owner) => !isOther(owner) && (owner.serviceName === undefined || !isNamed),
  );
}

function possibleOwners(
  work: CarrierWork,
  carrier: UnreadCarrier,
  before: readonly string[],
): readonly NetworkInterface[] {
  const wanted = serviceOfResource(carrier.type);
  return unnamedOwners(work, carrier).filter(
    ({ service, groupIds }) =>
      (wanted === undefined || service === undefined || service === wanted) &&
      (before.length > 0
        ? before.every((id) => groupIds.includes(id))
        : groupIds.some((id) => isDefault(work.rules, id))),
  );
}

/** Whether it is, or may be, the default group of a VPC, which AWS attaches where no group is named. */
function isDefault({ groups }: RuleSet, id: string): boolean {
  return (groups.get(id)?.name ?? "default") === "default";
}

function openGroup(
  { context }: CarrierWork,
  { spot, subject }: UnreadCarrier,
  attribute: string,
): string {
  return undecidedId(context, spot, subject, attribute);
}

const SHOWN = 3;

/** What a finding says of interfaces that may be the resource's. */
export function possibleWords({ possible }: ReachedInterfaces): string {
  if (possible.length === 0)
    return "the rules hold no interface that may be its own: what changes there is left out";
  const more = possible.length > SHOWN ? ` and ${possible.length - SHOWN} more` : "";
  return (
    `nothing tells which interfaces are its own; it may be ${possible.slice(0, SHOWN).join(", ")}${more}: what groups that ` +
    "it loses or gets admit there is unknown"
  );
}
