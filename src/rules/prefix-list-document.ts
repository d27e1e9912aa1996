// Prefix lists: described by one answer, their entries given by another that does not name its list.
import { type Cidr, formatCidr } from "../model/address.js";
import type { Place, PrefixList } from "../model/rule-set.js";
import { formatPlace } from "./json-place.js";
import { isObject, type JsonObject, type JsonValue, OFFSET } from "./json-reader.js";
import { copyText, type LoadContext, readBlock, readId } from "./load-context.js";
import { PREFIX_LIST, PREFIX_LIST_ENTRY } from "./network-shape.js";
import type { Page } from "./recognise.js";
import { conform } from "./shape.js";
import { below, refuse, type Spot } from "./spot.js";

/** All that the documents say of one list. */
interface ListDraft {
  name: string | undefined;
  maxEntries: number | undefined;
  at: Place;
  /** Blocks with the document and place they came from; pages of one document add up. */
  blocks:
    | { readonly cidrs: Map<string, Cidr>; readonly document: string; at: Place; cut: boolean }
    | undefined;
}

export type ListDrafts = Map<string, ListDraft>;

/** One item of `PrefixLists`, with or without blocks inline. */
export function readPrefixList(
  context: LoadContext,
  lists: ListDrafts,
  value: JsonValue,
  spot: Spot,
): void {
  const shape = conform(PREFIX_LIST, value, spot);
  const cidrs = shape.Cidrs?.map((text, i) =>
    readBlock(context, text, 0, () => below(spot, "Cidrs", i)),
  );
  describeList(
    lists,
    {
      id: readId(context, shape.PrefixListId, () => below(spot, "PrefixListId")),
      name: shape.PrefixListName ?? undefined,
      maxEntries: shape.MaxEntries ?? undefined,
      cidrs,
    },
    spot.document.placeOf(shape[OFFSET]),
    spot,
  );
}

/** What one document says of a list: adds it, or stops where another document says something else. */
export function describeList(
  lists: ListDrafts,
  said: {
    readonly id: string;
    readonly name: string | undefined;
    readonly maxEntries: number | undefined;
    /** `undefined`: the entries are not told. */
    readonly cidrs: readonly Cidr[] | undefined;
  },
  at: Place,
  spot: Spot,
): void {
  const { id } = said;
  const list = listOf(lists, id, at);
  const name = said.name === undefined ? undefined : copyText(said.name);
  if (list.name !== undefined && name !== undefined && list.name !== name)
    refuse(
      spot,
      "prefix-list-differs",
      `the prefix list ${id} also stands at ${formatPlace(list.at)} and differs in its name`,
    );
  list.name ??= name;
  list.maxEntries ??= said.maxEntries;
  if (said.cidrs === undefined) return;
  const cidrs = new Map(said.cidrs.map((block) => [formatCidr(block), block]));
  setBlocks(list, id, { cidrs, document: spot.document.name, at, cut: false }, false, spot);
}

/** One page of `Entries`. The list's id comes from the wrapper or the file name, else the load stops. */
export function readEntries(
  context: LoadContext,
  lists: ListDrafts,
  page: Page,
  isKnownList: (id: string) => boolean,
): void {
  const id = listIdOf(context, page, isKnownList);
  const cidrs = new Map<string, Cidr>();
  for (const [i, item] of page.items.entries()) {
    const spot = page.spotOf(i);
    const block = readBlock(context, conform(PREFIX_LIST_ENTRY, item, spot).Cidr, 0, () =>
      below(spot, "Cidr"),
    );
    cidrs.set(formatCidr(block), block);
  }
  const first = page.items[0];
  const { document } = page.spot;
  const offset = isObject(first)
    ? (first as JsonObject)[OFFSET]
    : document.offsets[page.spot.value];
  const at = document.placeOf(offset ?? 0);
  const list = listOf(lists, id, at);
  setBlocks(list, id, { cidrs, document: document.name, at, cut: page.cut }, true, page.spot);
}

function listOf(lists: ListDrafts, id: string, at: Place): ListDraft {
  let list = lists.get(id);
  if (list === undefined) {
    list = { name: undefined, maxEntries: undefined, at, blocks: undefined };
    lists.set(id, list);
  }
  return list;
}

function setBlocks(
  list: ListDraft,
  id: string,
  next: NonNullable<ListDraft["blocks"]>,
  isPage: boolean,
  spot: Spot,
): void {
  const known = list.blocks;
  if (known === undefined) {
    list.blocks = next;
    return;
  }
  // Pages of one answer: in one document, or told by NextToken.
  if (isPage && (known.document === next.document || known.cut || next.cut)) {
    for (const [text, block] of next.cidrs) known.cidrs.set(text, block);
    known.cut = known.cut && next.cut;
    return;
  }
  const odd =
    [...next.cidrs.keys()].find((text) => !known.cidrs.has(text)) ??
    [...known.cidrs.keys()].find((text) => !next.cidrs.has(text));
  if (odd === undefined) return;
  refuse(
    spot,
    "prefix-list-differs",
    `the prefix list ${id} also stands at ${formatPlace(known.at)} and differs: ${odd} stands only at one of them`,
    "give one version only: leave out the older file",
  );
}

function listIdOf(context: LoadContext, page: Page, isKnownList: (id: string) => boolean): string {
  const wrapped = page.listId;
  if (wrapped !== undefined) {
    if (typeof wrapped.value !== "string")
      return refuse(wrapped.spot, "rules-shape", "expected a string");
    return readId(context, wrapped.value, () => wrapped.spot);
  }
  const name = page.spot.document.name;
  const base = name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1);
  const tokens = base.match(/(?<![0-9A-Za-z])pl-[0-9a-z-]*[0-9a-z]/g) ?? [];
  const token = tokens[0];
  if (token === undefined || tokens.length > 1)
    return refuse(
      page.spot,
      "prefix-list-unnamed",
      token === undefined
        ? "these are entries of a prefix list, but the answer does not say of which"
        : `the file name holds several prefix list ids: ${tokens.join(", ")}`,
      'name the file after the list (pl-0123456789abcdef0.json), or wrap the answer: {"PrefixListId": "pl-...", "Entries": [...]}',
    );
  // pl-0123-entries.json: the longest part of the name that is a list somebody mentions.
  const parts = token.split("-");
  for (let count = parts.length; count >= 2; count--) {
    const candidate = parts.slice(0, count).join("-");
    if (isKnownList(candidate)) return readId(context, candidate, () => page.spot);
  }
  return readId(context, token, () => page.spot);
}

/** The finished lists, in the order of their ids. */
export function finishPrefixLists(
  context: LoadContext,
  lists: ListDrafts,
): Map<string, PrefixList> {
  const finished = new Map<string, PrefixList>();
  for (const id of [...lists.keys()].sort()) {
    const { name, maxEntries, at, blocks } = lists.get(id) as ListDraft;
    const isCut = blocks?.cut === true;
    // Entries on the missing page may be any: all of them are taken for unknown.
    const cidrs = blocks === undefined || isCut ? undefined : [...blocks.cidrs.values()];
    if (blocks !== undefined && isCut)
      context.warnings.push({
        code: "prefix-list-cut",
        message: `the last page of the entries of ${id} is missing: what rules that name it alone could admit is unknown; fetch it without --max-items`,
        at: formatPlace(blocks.at),
      });
    if (blocks !== undefined && cidrs?.length === 0)
      context.warnings.push({
        code: "prefix-list-empty",
        message: `the prefix list ${id} has no entries: rules that name it match nothing`,
        at: formatPlace(blocks.at),
      });
    finished.set(id, {
      id,
      ...(name === undefined ? {} : { name }),
      cidrs,
      ...(maxEntries === undefined ? {} : { maxEntries }),
      at,
    });
  }
  return finished;
}
