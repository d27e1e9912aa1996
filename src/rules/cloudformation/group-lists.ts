// Lists of groups in the properties of resources that are not read.
import { isObject } from "../json-reader.js";
import { below } from "../spot.js";
import type { GroupList } from "../unread-carriers.js";
import { type Evaluator, isNode, NONE, type Node, OPEN, type Resolved } from "./evaluate.js";

/** `SecurityGroupIds`, `VPCSecurityGroups`, `SecurityGroups`, `GroupSet` of interfaces, but not who may come in. */
const GROUPS = /SecurityGroups?(Ids?)?$|^GroupSet$/;
const SOURCES = /^Source/;

/** All that are not empty, in document order. `idOf`: the group that an item names. O(properties). */
export function groupLists(
  evaluator: Evaluator,
  properties: Node,
  idOf: (item: Resolved) => string | undefined,
): readonly GroupList[] {
  const found: GroupList[] = [];
  const left: { readonly node: Node; readonly path: string }[] = [{ node: properties, path: "" }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const value = evaluator.resolve(next.node);
    if (isNode(value))
      for (const { node, key } of entriesOf(value).reverse()) {
        // Places in lists mean nothing where blocks come and go.
        const path = [next.path, key].filter((step) => step !== "").join(".");
        if (GROUPS.test(key) && !SOURCES.test(key)) found.push(listAt(evaluator, node, path, idOf));
        else left.push({ node, path });
      }
    else if (value === OPEN && JSON.stringify(next.node.value).includes("SecurityGroup"))
      found.push({ attribute: next.path, ids: undefined });
  }
  return found.filter(({ ids }) => ids === undefined || ids.length > 0);
}

/** Members by key, items without one. */
function entriesOf({ value, spot }: Node): { readonly node: Node; readonly key: string }[] {
  if (Array.isArray(value))
    return value.map((each, i) => ({ node: { value: each, spot: below(spot, i) }, key: "" }));
  if (!isObject(value)) return [];
  return Object.entries(value).map(([key, each]) => ({
    node: { value: each, spot: below(spot, key) },
    key,
  }));
}

function listAt(
  evaluator: Evaluator,
  node: Node,
  attribute: string,
  idOf: (item: Resolved) => string | undefined,
): GroupList {
  const list = evaluator.resolve(node);
  if (list === NONE) return { attribute, ids: [] };
  const items: readonly Resolved[] =
    isNode(list) && Array.isArray(list.value)
      ? entriesOf(list).map(({ node: item }) => evaluator.resolve(item))
      : [list];
  const ids = items.filter((item) => item !== NONE).map(idOf);
  return ids.every((id) => id !== undefined)
    ? { attribute, ids: [...new Set(ids)].sort() }
    : { attribute, ids: undefined };
}
