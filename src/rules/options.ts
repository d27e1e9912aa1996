// Interface data given by hand: `--interface eni-...=sg-a,sg-b@10.0.0.5` and `--attach sg-...`.
import { FlowError } from "../errors.js";
import { type Address, parseAddress, sameAddress } from "../model/address.js";
import type { NetworkInterface, RuleSet } from "../model/rule-set.js";
import { formatPlace } from "./json-place.js";
import { isOpaqueId } from "./load-context.js";

export interface RuleOptions {
  /** Each `eni-...=sg-a,sg-b` or `eni-...=sg-a@10.0.0.5,fd00::1`. */
  readonly interfaces?: readonly string[];
  /** Groups that every interface of the log carries which is not otherwise known; each may be a comma list. */
  readonly attach?: readonly string[];
  /** Semantics 3.5b: private addresses of no interface are nobody's. */
  readonly snapshotComplete?: boolean;
}

const INTERFACE_HINT =
  "write eni-0123=sg-a,sg-b or, with its own addresses, eni-0123=sg-a,sg-b@10.0.0.5,fd00::1";

/** One `--interface`; `ordinal` counts from 1 and stands as the line of its place. */
export function parseInterfaceOption(text: string, ordinal: number): NetworkInterface {
  const at = { file: "--interface", line: ordinal, column: 1 };
  const fail = (message: string): never => {
    throw new FlowError("option-interface", message, {
      at: `--interface ${text}`,
      hint: INTERFACE_HINT,
    });
  };
  const equals = text.indexOf("=");
  if (equals < 0) return fail("there is no = between the interface and its groups");
  const id = text.slice(0, equals);
  if (!isOpaqueId(id)) return fail(`"${id}" is not an interface id`);
  const atSign = text.indexOf("@", equals);
  const groupText = text.slice(equals + 1, atSign < 0 ? text.length : atSign);
  const groupIds = groupText.split(",");
  for (const group of groupIds) if (!isOpaqueId(group)) fail(`"${group}" is not a group id`);
  const addresses: Address[] = [];
  for (const part of atSign < 0 ? [] : text.slice(atSign + 1).split(",")) {
    const address = parseAddress(part);
    if (address === undefined) return fail(`"${part}" is not an address`);
    if (!addresses.some((known) => sameAddress(known, address))) addresses.push(address);
  }
  return { id, groupIds: [...new Set(groupIds)].sort(), addresses, prefixes: [], at };
}

/**
 * Adds the interfaces of the options. One that a document or another option describes too must carry the same groups
 * and, where the option names addresses, the same addresses; the first description stays. What an option does not say
 * of an interface is taken from the `baseline`.
 */
export function addInterfaceOptions(
  interfaces: Map<string, NetworkInterface>,
  options: readonly string[],
  baseline?: RuleSet,
): void {
  for (const [index, text] of options.entries()) {
    const next = parseInterfaceOption(text, index + 1);
    const known = interfaces.get(next.id);
    if (known === undefined) {
      interfaces.set(next.id, completed(next, baseline?.interfaces.get(next.id)));
      continue;
    }
    const sameGroups = known.groupIds.join(",") === next.groupIds.join(",");
    const unknownAddress = next.addresses.some(
      (address) => !known.addresses.some((other) => sameAddress(address, other)),
    );
    if (sameGroups && !unknownAddress) continue;
    throw new FlowError(
      "interface-differs",
      `${next.id} also stands at ${formatPlace(known.at)}, with ${sameGroups ? "other addresses" : `the groups ${known.groupIds.join(",") || "none"}`}`,
      { at: `--interface ${text}`, hint: "describe each interface once" },
    );
  }
}

function completed(
  next: NetworkInterface,
  inherited: NetworkInterface | undefined,
): NetworkInterface {
  if (inherited === undefined) return next;
  const { groupIds, addresses, at } = next;
  if (addresses.length === 0) return { ...inherited, groupIds, at };
  return { ...inherited, groupIds, addresses, at };
}

/** The groups of `--attach`, each once, in the order given. */
export function parseAttachOption(options: readonly string[]): string[] {
  const groups = new Set<string>();
  for (const text of options)
    for (const id of text.split(",")) {
      if (!isOpaqueId(id))
        throw new FlowError("option-attach", `"${id}" is not a group id`, {
          at: `--attach ${text}`,
          hint: "write --attach sg-0123, or several: --attach sg-a,sg-b",
        });
      groups.add(id);
    }
  return [...groups];
}
