// The resources of a state, in the JSON that `terraform show -json` prints and in that of the state file itself.

import { printable } from "../../model/printable.js";
import { isObject, type JsonObject, type JsonValue, memberOf } from "../json-reader.js";
import { below, inside, refuse, type Spot, showValue } from "../spot.js";
import type { Part } from "./part.js";

/** One instance of a resource or data source. */
export interface TerraformResource extends Part {
  /** `module.net.aws_security_group.web["a"]`. */
  readonly address: string;
  /** The part of the address before the type, without its last point; empty in the root module. */
  readonly module: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly resource: string;
  readonly index: string | number | undefined;
}

/** All resources below `root_module` and its child modules, in document order. O(resources). */
export function resourcesOf(values: JsonValue | undefined, spot: Spot): TerraformResource[] {
  const found: TerraformResource[] = [];
  if (values === undefined || values === null) return found;
  const root = objectAt(values, "root_module", spot);
  if (root === undefined) return found;
  const waiting: { module: JsonObject; spot: Spot }[] = [
    { module: root, spot: below(spot, "root_module") },
  ];
  // Grows while it is walked: modules nest as deep as the JSON does.
  for (const { module, spot: at } of waiting) {
    for (const [i, item] of arrayAt(module, "resources", at).entries()) {
      const where = below(at, "resources", i);
      const resource = readHead(item, where);
      const values = objectAt(item, "values", where);
      if (values === undefined) continue;
      found.push({
        ...resource,
        values,
        unknown: undefined,
        spot: below(inside(where, resource.address), "values"),
      });
    }
    for (const [i, item] of arrayAt(module, "child_modules", at).entries()) {
      const where = below(at, "child_modules", i);
      if (!isObject(item))
        refuse(where, "rules-shape", `expected an object, found ${showValue(item)}`);
      waiting.push({ module: item as JsonObject, spot: where });
    }
  }
  return found;
}

/** What resources and their changes say of themselves. */
export function readHead(
  item: JsonValue,
  spot: Spot,
): Omit<TerraformResource, "values" | "unknown" | "spot"> {
  if (!isObject(item))
    return refuse(spot, "rules-shape", `expected an object, found ${showValue(item)}`);
  const address = textAt(item, "address", spot);
  const type = textAt(item, "type", spot);
  const resource = textAt(item, "name", spot);
  const { mode, index } = item;
  if (
    index !== undefined &&
    index !== null &&
    typeof index !== "string" &&
    typeof index !== "number"
  )
    refuse(
      below(spot, "index"),
      "rules-shape",
      `expected text or a number, found ${showValue(index)}`,
    );
  return {
    address: printable(address),
    module: moduleOf(address, mode === "data" ? `data.${type}.` : `${type}.`),
    mode: mode === "data" ? "data" : "managed",
    type,
    resource,
    index: index === null || index === undefined ? undefined : (index as string | number),
    name: "",
  };
}

/** Keys of `for_each` may hold anything, so the type is looked for from the front, behind whole steps only. */
function moduleOf(address: string, head: string): string {
  let at = 0;
  while (address.startsWith("module.", at)) {
    at += "module.".length;
    while (at < address.length && address[at] !== "." && address[at] !== "[") at++;
    if (address[at] === "[") at = behindIndex(address, at);
    at++;
  }
  return at === 0 || !address.startsWith(head, at) ? "" : address.slice(0, at - 1);
}

/** Offset behind the `[...]` that begins at `at`; a quoted key may hold brackets. */
export function behindIndex(text: string, at: number): number {
  let i = at + 1;
  if (text[i] === '"') {
    for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === "\\") i++;
    i++;
  }
  while (i < text.length && text[i] !== "]") i++;
  return Math.min(i + 1, text.length);
}

/** The resources of a state file of version 4 (`terraform.tfstate`). */
export function stateFileResources(state: JsonObject, spot: Spot): TerraformResource[] {
  const found: TerraformResource[] = [];
  for (const [i, item] of arrayAt(state, "resources", spot).entries()) {
    const where = below(spot, "resources", i);
    if (!isObject(item))
      return refuse(where, "rules-shape", `expected an object, found ${showValue(item)}`);
    const type = textAt(item, "type", where);
    const resource = textAt(item, "name", where);
    const { module, mode } = item;
    const prefix = typeof module === "string" ? module : "";
    const base = [prefix, mode === "data" ? "data" : "", type, resource]
      .filter((word) => word !== "")
      .join(".");
    for (const [j, instance] of arrayAt(item, "instances", where).entries()) {
      const at = below(where, "instances", j);
      const values = objectAt(instance, "attributes", at);
      // A deposed object stands beside its successor until it is destroyed, as `terraform show -json` has it too.
      if (values === undefined) continue;
      const index = memberOf(instance, "index_key");
      const known = typeof index === "string" || typeof index === "number" ? index : undefined;
      const address = printable(known === undefined ? base : `${base}[${JSON.stringify(known)}]`);
      found.push({
        address,
        module: printable(prefix),
        mode: mode === "data" ? "data" : "managed",
        type,
        resource,
        index: known,
        name: "",
        values,
        unknown: undefined,
        spot: below(inside(at, address), "attributes"),
      });
    }
  }
  return found;
}

export function objectAt(value: JsonValue, key: string, spot: Spot): JsonObject | undefined {
  if (!isObject(value))
    return refuse(spot, "rules-shape", `expected an object, found ${showValue(value)}`);
  const found = Object.hasOwn(value, key) ? value[key] : undefined;
  if (found === undefined || found === null) return undefined;
  return isObject(found)
    ? found
    : refuse(below(spot, key), "rules-shape", `expected an object, found ${showValue(found)}`);
}

export function arrayAt(value: JsonValue, key: string, spot: Spot): readonly JsonValue[] {
  if (!isObject(value))
    return refuse(spot, "rules-shape", `expected an object, found ${showValue(value)}`);
  const found = Object.hasOwn(value, key) ? value[key] : undefined;
  if (found === undefined || found === null) return [];
  return Array.isArray(found)
    ? found
    : refuse(below(spot, key), "rules-shape", `expected an array, found ${showValue(found)}`);
}

function textAt(value: JsonObject, key: string, spot: Spot): string {
  const found = Object.hasOwn(value, key) ? value[key] : undefined;
  if (found === undefined) return refuse(below(spot, key), "rules-shape", "the key is missing");
  return typeof found === "string" && found !== ""
    ? found
    : refuse(below(spot, key), "rules-shape", `expected text, found ${showValue(found)}`);
}
