// Builders of small AWS answers for the tests of this folder.
import type { FlowError } from "../../src/errors.js";
import {
  type LoadedRules,
  loadRuleSet,
  type RuleDocument,
  type RuleOptions,
} from "../../src/rules/index.js";

export const ANY = { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] };

export function permission(rest: object): object {
  return { IpProtocol: "tcp", FromPort: 443, ToPort: 443, ...rest };
}

export function group(
  id: string,
  ingress: object[] = [],
  egress: object[] = [],
  rest = {},
): object {
  return {
    GroupId: id,
    GroupName: `name of ${id}`,
    VpcId: "vpc-1",
    OwnerId: "111111111111",
    IpPermissions: ingress,
    IpPermissionsEgress: egress,
    ...rest,
  };
}

export function groupRule(id: string, groupId: string, rest: object): object {
  return {
    SecurityGroupRuleId: id,
    GroupId: groupId,
    GroupOwnerId: "111111111111",
    IsEgress: false,
    IpProtocol: "tcp",
    FromPort: 443,
    ToPort: 443,
    ...rest,
  };
}

export function networkInterface(id: string, groups: string[], rest = {}): object {
  return {
    NetworkInterfaceId: id,
    VpcId: "vpc-1",
    SubnetId: "subnet-1",
    InterfaceType: "interface",
    Groups: groups.map((GroupId) => ({ GroupId, GroupName: GroupId })),
    PrivateIpAddress: "10.0.0.5",
    ...rest,
  };
}

export function json(value: unknown, name = "a.json"): RuleDocument {
  return { name, text: JSON.stringify(value) };
}

export function groups(items: object[], name = "groups.json"): RuleDocument {
  return json({ SecurityGroups: items }, name);
}

export function load(documents: RuleDocument[], options: RuleOptions = {}): LoadedRules {
  return loadRuleSet(documents, options);
}

/** Identities of all rules, in order. */
export function ruleIds(loaded: LoadedRules): string[] {
  return [...loaded.ruleSet.groups.values()].flatMap(({ rules }) => rules.map(({ id }) => id));
}

/** The error a load stops with, as `code message`. */
export function failure(documents: RuleDocument[], options: RuleOptions = {}): string {
  try {
    loadRuleSet(documents, options);
  } catch (error) {
    const { name, code, message } = error as FlowError;
    return name === "FlowError" ? `${code} ${message}` : String(error);
  }
  return "loaded";
}

export function warningCodes(loaded: LoadedRules): string[] {
  return loaded.warnings.map(({ code }) => code);
}
