// Lists of groups in resources that are not read: every attribute that is named after groups, in blocks too.
import { isObject, type JsonValue, memberOf } from "../json-reader.js";
import type { GroupList } from "../unread-carriers.js";
import type { TerraformResource } from "./resource.js";

/** Attributes of ids or names of groups, but for those that say who may come in. */
const GROUPS = /(^|_)security_group(s|_ids?)?$/;
const SOURCES = /(^|_)source_security_group/;

/**
 * All that are not empty, in document order. Blocks go without their places, which mean nothing in a set. O(values).
 */
export function groupLists({ values, unknown }: TerraformResource): readonly GroupList[] {
  const found: GroupList[] = [];
  // The reader of the text lets nothing nest deeper than a hundred.
  function walk(value: JsonValue | undefined, open: JsonValue | undefined, path: string): void {
    if (Array.isArray(value) || Array.isArray(open)) {
      const length = Math.max(lengthOf(value), lengthOf(open));
      for (let i = 0; i < length; i++) walk(itemAt(value, i), itemAt(open, i), path);
      return;
    }
    const keys = new Set([...keysOf(value), ...keysOf(open)]);
    for (const key of keys) {
      const attribute = path === "" ? key : `${path}.${key}`;
      const inner = memberOf(value, key);
      const isUnknown = memberOf(open, key);
      if (!GROUPS.test(key) || SOURCES.test(key)) walk(inner, isUnknown, attribute);
      else if (holdsTrue(isUnknown)) found.push({ attribute, ids: undefined });
      else {
        const ids = textsIn(inner);
        if (ids.length > 0) found.push({ attribute, ids });
        else walk(inner, isUnknown, attribute);
      }
    }
  }
  walk(values, unknown, "");
  return found;
}

function textsIn(value: JsonValue | undefined): string[] {
  const all = Array.isArray(value) ? value : [value];
  // aws_emr_cluster has them in one text.
  const texts = all.flatMap((each) => (typeof each === "string" ? each.split(",") : []));
  return texts.filter((text) => text !== "").sort();
}

function holdsTrue(open: JsonValue | undefined): boolean {
  return open === true || (Array.isArray(open) && open.includes(true));
}

function keysOf(value: JsonValue | undefined): readonly string[] {
  return isObject(value) ? Object.keys(value) : [];
}

function lengthOf(value: JsonValue | undefined): number {
  return Array.isArray(value) ? value.length : 0;
}

function itemAt(value: JsonValue | undefined, i: number): JsonValue | undefined {
  return Array.isArray(value) ? value[i] : undefined;
}
