import type { NetworkInterface } from "../model/rule-set.js";

/** Interface types whose traffic AWS tracks whatever the rules say (semantics 6.1, documented). */
const AUTOMATIC_TYPES: ReadonlySet<string> = new Set([
  "network_load_balancer",
  "natGateway",
  "nat_gateway",
  "global_accelerator_managed",
  "vpc_endpoint",
  "lambda",
]);

/** Whether connections of the interface, and those to its addresses, are tracked automatically. */
export function isTrackedAutomatically(owner: NetworkInterface): boolean {
  return owner.type !== undefined && AUTOMATIC_TYPES.has(owner.type);
}
