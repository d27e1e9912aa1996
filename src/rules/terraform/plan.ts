// A plan: what stands before it, what it changes, and the configuration that names what is not known yet.
import type { DocumentContents } from "../document.js";
import { isObject, type JsonObject, type JsonValue, memberOf, OFFSET } from "../json-reader.js";
import { below, inside, refuse, type Spot, showValue } from "../spot.js";
import { describeResources } from "./read-state.js";
import { arrayAt, objectAt, readHead, resourcesOf, type TerraformResource } from "./resource.js";

/** What is done to a resource. `forget`: Terraform no longer manages it, and it stays as it is. */
export type PlanAction = "none" | "create" | "update" | "delete" | "replace" | "forget";

export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly action: PlanAction;
  /** Which half of a replacement comes first. */
  readonly order: "delete-first" | "create-first" | undefined;
  readonly before: TerraformResource | undefined;
  /** Beside known values it says which are open; `undefined` where the resource goes. */
  readonly after: TerraformResource | undefined;
  /** What an earlier replacement left behind: another object of this address stays. */
  readonly isDeposed: boolean;
  readonly spot: Spot;
}

export interface TerraformPlan {
  /** Of Terraform; `undefined` where the plan does not say. */
  readonly version: string | undefined;
  /** Resources and data sources as they are before. */
  readonly prior: readonly TerraformResource[];
  readonly changes: readonly ResourceChange[];
  /** The root module; `undefined` where the plan was stripped of it. */
  readonly configuration: { readonly module: JsonObject; readonly spot: Spot } | undefined;
  /** Values of root variables. */
  readonly variables: JsonObject | undefined;
  /** Not all resources were planned: `-target`, or changes that were put off. */
  readonly isPartial: boolean;
  readonly spot: Spot;
}

/** Reads a plan. Throws for one of a run that failed, or that was stripped of its changes: nobody can tell them. O(resources). */
export function readPlan(value: JsonObject, spot: Spot): TerraformPlan {
  if (memberOf(value, "errored") === true)
    refuse(
      below(spot, "errored"),
      "terraform-errored",
      "this plan is of a run that failed: it does not hold all changes",
      "plan again until it succeeds",
    );
  // Resources that stay as they are stand among the changes too.
  if (memberOf(value, "resource_changes") == null && holdsResources(value, spot))
    refuse(
      below(spot, "resource_changes"),
      "rules-shape",
      "this plan does not tell its changes",
      "print it again: terraform show -json PLAN",
    );
  const changes = arrayAt(value, "resource_changes", spot).map((item, i) =>
    readChange(item, below(spot, "resource_changes", i)),
  );
  const priorState = objectAt(value, "prior_state", spot);
  const prior =
    priorState === undefined
      ? changes.flatMap(({ before }) => (before === undefined ? [] : [before]))
      : resourcesOf(memberOf(priorState, "values"), below(spot, "prior_state", "values"));
  const configuration = objectAt(value, "configuration", spot);
  const module =
    configuration === undefined
      ? undefined
      : objectAt(configuration, "root_module", below(spot, "configuration"));
  const { terraform_version: version, complete } = value;
  return {
    version: typeof version === "string" ? version : undefined,
    prior,
    changes,
    configuration:
      module === undefined
        ? undefined
        : { module, spot: below(spot, "configuration", "root_module") },
    variables: objectAt(value, "variables", spot),
    isPartial: complete === false || arrayAt(value, "deferred_changes", spot).length > 0,
    spot,
  };
}

function holdsResources(value: JsonObject, spot: Spot): boolean {
  const prior = objectAt(value, "prior_state", spot);
  return [prior && memberOf(prior, "values"), memberOf(value, "planned_values")].some(
    (values) => isObject(values) && resourcesOf(values, spot).length > 0,
  );
}

function readChange(item: JsonValue, spot: Spot): ResourceChange {
  const head = readHead(item, spot);
  const at = inside(spot, head.address);
  const change = objectAt(item, "change", at);
  if (change === undefined) return refuse(below(at, "change"), "rules-shape", "the key is missing");
  const changeSpot = below(at, "change");
  const before = objectAt(change, "before", changeSpot);
  const known = objectAt(change, "after", changeSpot);
  const { action, order } = readAction(
    memberOf(change, "actions") as JsonValue,
    below(changeSpot, "actions"),
  );
  const none: JsonObject = { [OFFSET]: change[OFFSET] };
  const after: TerraformResource = {
    ...head,
    values: known ?? none,
    unknown: memberOf(change, "after_unknown"),
    spot: below(changeSpot, "after"),
  };
  return {
    address: head.address,
    type: head.type,
    action: head.mode === "data" ? "none" : action,
    order,
    before:
      before === undefined
        ? undefined
        : { ...head, values: before, unknown: undefined, spot: below(changeSpot, "before") },
    after: action === "delete" ? undefined : after,
    isDeposed: memberOf(item, "deposed") !== undefined,
    spot: at,
  };
}

const ACTIONS: ReadonlyMap<string, Pick<ResourceChange, "action" | "order">> = new Map([
  ["no-op", { action: "none", order: undefined }],
  ["read", { action: "none", order: undefined }],
  ["create", { action: "create", order: undefined }],
  ["update", { action: "update", order: undefined }],
  ["delete", { action: "delete", order: undefined }],
  ["delete,create", { action: "replace", order: "delete-first" }],
  ["create,delete", { action: "replace", order: "create-first" }],
  ["forget", { action: "forget", order: undefined }],
  // The old one stays in the account, without Terraform.
  ["create,forget", { action: "create", order: undefined }],
]);

function readAction(value: JsonValue, spot: Spot): Pick<ResourceChange, "action" | "order"> {
  const words = Array.isArray(value) ? value.join(",") : "";
  return (
    ACTIONS.get(words) ??
    refuse(
      spot,
      "terraform-action",
      `${Array.isArray(value) ? showValue(words) : showValue(value)} is no list of actions that is known`,
      `allowed: ${[...ACTIONS.keys()].map((key) => `[${key}]`).join(", ")}`,
    )
  );
}

const SHOWN_ACTIONS: readonly PlanAction[] = ["create", "update", "replace", "delete", "forget"];

/** What stands before the plan, and how much it changes. */
export function describePlan({ prior, changes }: TerraformPlan): DocumentContents {
  const contents = describeResources(prior);
  const counts = SHOWN_ACTIONS.map(
    (action) => [action, changes.filter((change) => change.action === action).length] as const,
  ).filter(([, count]) => count > 0);
  const words = counts.map(([action, count]) => `${count} to ${action}`);
  const changed = words.length === 0 ? "it changes nothing" : `it has ${words.join(", ")}`;
  return { ...contents, note: [changed, contents.note].filter((text) => text !== "").join("; ") };
}

/** The resources after the plan by address, deposed objects aside. */
export function resourcesAfter({
  prior,
  changes,
}: TerraformPlan): ReadonlyMap<string, TerraformResource> {
  const after = new Map<string, TerraformResource>();
  for (const resource of prior) after.set(resource.address, resource);
  for (const { address, action, after: next, isDeposed } of changes) {
    if (isDeposed) continue;
    if (action === "delete") after.delete(address);
    else if (next !== undefined) after.set(address, next);
  }
  return after;
}
