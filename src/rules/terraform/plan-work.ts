// What the readers of a plan's changes share.
import type { Place, RuleSet } from "../../model/rule-set.js";
import { OFFSET } from "../json-reader.js";
import { type LoadContext, readId } from "../load-context.js";
import {
  type ChangeSource,
  type GroupOverlay,
  groupChange,
  type InterfaceOverlay,
  interfaceChange,
  type ListOverlay,
  listChange,
  newOverlay,
  type Overlay,
  type PlanCode,
} from "../overlay.js";
import { placeOfSpot, type Spot } from "../spot.js";
import { asId } from "../undecided.js";
import { type Configuration, type Decided, readConfiguration } from "./configuration.js";
import { GROUP_TYPES, type OpenHandling, type StateGroups, stateGroups } from "./groups.js";
import { optionalId } from "./ids.js";
import { type Moves, newMoves } from "./moved.js";
import { LIST_TYPE, type StateList, stateLists } from "./networks.js";
import { knownText } from "./part.js";
import type { ResourceChange, TerraformPlan } from "./plan.js";
import type { TerraformResource } from "./resource.js";

export interface PlanWork {
  readonly context: LoadContext;
  readonly plan: TerraformPlan;
  readonly baseline: RuleSet;
  readonly overlay: Overlay;
  readonly configuration: Configuration;
  readonly handling: OpenHandling;
  /** Groups and lists as they are before, where the rules do not hold them. */
  readonly groups: StateGroups;
  readonly lists: ReadonlyMap<string, StateList>;
  /** Ids of what is yet to be made, by address. */
  readonly madeIds: ReadonlyMap<string, string>;
  readonly moves: Moves;
  /** What exists before, by address. */
  readonly prior: ReadonlyMap<string, TerraformResource>;
}

/** Types whose ids other resources refer to. */
const NAMED_TYPES: ReadonlySet<string> = new Set([
  ...GROUP_TYPES,
  LIST_TYPE,
  "aws_network_interface",
]);

/** O(resources). */
export function workOnPlan(context: LoadContext, plan: TerraformPlan, baseline: RuleSet): PlanWork {
  const overlay = newOverlay();
  const madeIds = new Map<string, string>();
  for (const change of plan.changes) {
    if (change.action !== "create" && change.action !== "replace") continue;
    if (change.after === undefined || !NAMED_TYPES.has(change.type)) continue;
    madeIds.set(change.address, madeId(context, change.after, baseline));
  }
  const configuration = readConfiguration(plan, (address) => madeIds.get(address));
  // The documents of the baseline told what is odd in it.
  const quiet: LoadContext = { ...context, warnings: [] };
  return {
    context,
    plan,
    baseline,
    overlay,
    configuration,
    handling: {
      resolve(resource, attribute, isList) {
        const decided = configuration.decide(resource, attribute);
        if (decided === undefined || !decided.isWhole) return undefined;
        // One value is one id: of several the references do not tell which.
        if (!isList) return decided.ids.length === 1 ? decided.ids : undefined;
        tellDecided(overlay, resource, attribute, decided);
        return decided.ids;
      },
      onOpen: (resource, attribute, spot) => tellOpen(overlay, resource, attribute, spot),
    },
    groups: stateGroups(quiet, plan.prior),
    lists: stateLists(quiet, plan.prior).described,
    madeIds,
    moves: newMoves(),
    prior: new Map(plan.prior.map((resource) => [resource.address, resource])),
  };
}

/** A known id (of an import), that of the default group which is adopted, else the address. */
function madeId(context: LoadContext, after: TerraformResource, baseline: RuleSet): string {
  const known = optionalId(context, after, "id");
  if (known !== undefined) return known;
  const vpcId = knownText(after, "vpc_id");
  if (after.type === "aws_default_security_group" && vpcId !== undefined)
    for (const { id, name, vpcId: own } of baseline.groups.values())
      if (name === "default" && own === vpcId) return id;
  return readId(context, asId(after.address), () => after.spot);
}

function tellOpen(
  { findings }: Overlay,
  { address }: TerraformResource,
  attribute: string,
  spot: Spot,
): void {
  findings.push({
    code: "known-after-apply",
    subject: address,
    message: `${attribute} is known only after apply: what it alone could admit is unknown`,
    at: placeOfSpot(spot),
  });
}

/** Whether a data source of these types is read during the apply alone: what it finds exists, though its id is not known. */
export function looksUpLate({ plan }: PlanWork, types: RegExp): boolean {
  return plan.changes.some(({ after }) => after?.mode === "data" && types.test(after.type));
}

/** The id that one open value will hold; `undefined` where the configuration does not decide it, or refers to several. */
export function decidedId(
  { configuration }: PlanWork,
  resource: TerraformResource,
  attribute: string,
): string | undefined {
  const ids = configuration.decide(resource, attribute)?.ids ?? [];
  return ids.length === 1 ? ids[0] : undefined;
}

/** Tells how the ids of a list were taken: expressions are not printed, only what they refer to. */
export function tellDecided(
  { findings }: Overlay,
  { address, spot }: TerraformResource,
  attribute: string,
  { ids, isWhole }: Decided,
): void {
  findings.push({
    code: "decided-by-reference",
    subject: address,
    message:
      `${attribute} is known only after apply; its configuration refers to ${ids.join(", ")}` +
      (isWhole
        ? ", which is taken for all of it: ids written out beside them would not show in a plan, and it may be fewer"
        : ", but something else stood among them before: the rest is unknown"),
    at: placeOfSpot(spot),
  });
}

/** Adds something that the reader of the plan should know. */
export function find(
  { overlay }: PlanWork,
  code: PlanCode,
  { address, spot }: Pick<ResourceChange, "address" | "spot">,
  message: string,
): void {
  overlay.findings.push({ code, subject: address, message, at: placeOfSpot(spot) });
}

export function placeOfValues({ spot, values }: TerraformResource): Place {
  return spot.document.placeOf(values[OFFSET]);
}

function sourceOf({ address, spot }: ResourceChange): ChangeSource {
  return { subject: address, at: placeOfSpot(spot) };
}

/** What changes in a group, which is as the plan knows it before where the rules do not hold it. */
export function groupOverlay(work: PlanWork, id: string, change: ResourceChange): GroupOverlay {
  const overlay = groupChange(work.overlay, id, sourceOf(change));
  overlay.origin ??= work.groups.described.get(id)?.draft;
  return overlay;
}

export function interfaceOverlay(
  { overlay }: PlanWork,
  id: string,
  change: ResourceChange,
): InterfaceOverlay {
  return interfaceChange(overlay, id, sourceOf(change));
}

/** The same for a prefix list. */
export function listOverlay(work: PlanWork, id: string, change: ResourceChange): ListOverlay {
  const overlay = listChange(work.overlay, id, sourceOf(change));
  const before = work.lists.get(id);
  overlay.origin ??= before && {
    id,
    cidrs: before.cidrs,
    at: before.at,
    ...(before.name === undefined ? {} : { name: before.name }),
    ...(before.maxEntries === undefined ? {} : { maxEntries: before.maxEntries }),
  };
  return overlay;
}
