import type { InterfaceKind } from "./account-spec.js";

const LOG_NAMES: Readonly<Record<InterfaceKind, string>> = {
  instance: "-",
  nat: "nat_gateway",
  balancer: "network_load_balancer",
};

const API_NAMES: Readonly<Record<InterfaceKind, string>> = {
  instance: "interface",
  nat: "natGateway",
  balancer: "network_load_balancer",
};

/** The log field `interface-type`. */
export function logInterfaceType(kind: InterfaceKind): string {
  return LOG_NAMES[kind];
}

/** `InterfaceType` of describe-network-interfaces, which spells it differently. */
export function apiInterfaceType(kind: InterfaceKind): string {
  return API_NAMES[kind];
}
