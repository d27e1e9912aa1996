// Forms of rules that are no answers of the AWS CLI, by content.
import { describeByHand, isByHand } from "./by-hand/read.js";
import {
  type ChangeSet,
  describeChangeSet,
  isChangeSet,
  readChangeSet,
} from "./cloudformation/change-set.js";
import { holdsStackFacts } from "./cloudformation/stack-facts.js";
import { describeTemplate, templateIn } from "./cloudformation/template.js";
import { describeItems } from "./config/collect-items.js";
import { type ConfigItems, itemSpots, readItems } from "./config/item.js";
import type { DocumentContents } from "./document.js";
import { isObject, type JsonObject, type JsonValue, memberOf } from "./json-reader.js";
import { isSnapshotNote, snapshotTime } from "./snapshot-note.js";
import type { Spot } from "./spot.js";
import { describePlan, readPlan, type TerraformPlan } from "./terraform/plan.js";
import { describeResources } from "./terraform/read-state.js";
import { recogniseTerraform, refuseTerraformVersion } from "./terraform/recognise.js";
import { resourcesOf, stateFileResources, type TerraformResource } from "./terraform/resource.js";

/** One value of a document, read as far as it says what it is. */
export type Form =
  | {
      readonly kind: "terraform-state";
      readonly spot: Spot;
      readonly resources: readonly TerraformResource[];
    }
  | { readonly kind: "terraform-plan"; readonly spot: Spot; readonly plan: TerraformPlan }
  | { readonly kind: "by-hand"; readonly spot: Spot; readonly value: JsonObject }
  | { readonly kind: "config"; readonly spot: Spot; readonly config: ConfigItems }
  | { readonly kind: "snapshot"; readonly spot: Spot; readonly takenAt: number }
  | { readonly kind: "template"; readonly spot: Spot; readonly value: JsonObject }
  | { readonly kind: "change-set"; readonly spot: Spot; readonly changeSet: ChangeSet }
  | { readonly kind: "parameters"; readonly spot: Spot; readonly value: JsonValue }
  | { readonly kind: "stack-facts"; readonly spot: Spot; readonly value: JsonValue };

/** The form of a top-level value; `undefined` where it is none of them. Throws where it is one that cannot be read. */
export function readForm(value: JsonValue, spot: Spot): Form | undefined {
  if (isByHand(value)) return { kind: "by-hand", spot, value };
  if (isSnapshotNote(value)) return { kind: "snapshot", spot, takenAt: snapshotTime(value, spot) };
  const items = itemSpots(value, spot);
  if (items !== undefined) return { kind: "config", spot, config: readItems(value, items) };
  const template = templateIn(value, spot);
  if (template !== undefined) return { kind: "template", ...template };
  if (isChangeSet(value))
    return { kind: "change-set", spot, changeSet: readChangeSet(value, spot) };
  if (holdsStackFacts(value)) return { kind: "stack-facts", spot, value };
  if (!isObject(value)) return undefined;
  switch (recogniseTerraform(value, spot)) {
    case "state": {
      refuseTerraformVersion(value, spot);
      const resources = resourcesOf(memberOf(value, "values"), {
        ...spot,
        path: [...spot.path, "values"],
      });
      return { kind: "terraform-state", spot, resources };
    }
    case "state-file":
      return { kind: "terraform-state", spot, resources: stateFileResources(value, spot) };
    case "plan":
      refuseTerraformVersion(value, spot);
      return { kind: "terraform-plan", spot, plan: readPlan(value, spot) };
    default:
      return undefined;
  }
}

/** What a form holds, for those who ask what was recognised. */
export function describeForm(form: Form): DocumentContents {
  switch (form.kind) {
    case "terraform-state":
      return headed("Terraform state", describeResources(form.resources));
    case "terraform-plan":
      return headed("Terraform plan", describePlan(form.plan));
    case "by-hand":
      return headed("by hand", describeByHand(form.value));
    case "template":
      return headed("CloudFormation template", describeTemplate(form.value));
    case "change-set":
      return headed("CloudFormation change set", describeChangeSet(form.changeSet));
    case "config":
      return headed("AWS Config", describeItems(form.config), "items of groups");
    case "snapshot":
      return { counts: new Map([["snapshot", 1]]), kinds: new Set(), note: "" };
    case "parameters":
    case "stack-facts":
      return { counts: new Map([["facts about a stack", 1]]), kinds: new Set(), note: "" };
  }
}

/** The counts, under the name of the form. */
function headed(name: string, contents: DocumentContents, wanted = "groups"): DocumentContents {
  const counts = new Map<string, number>();
  for (const [what, count] of contents.counts) counts.set(`${name}: ${what}`, count);
  const isEmpty = counts.size === 0;
  return {
    ...contents,
    counts,
    note: isEmpty
      ? [`${name} without ${wanted}`, contents.note].filter(Boolean).join("; ")
      : contents.note,
  };
}
