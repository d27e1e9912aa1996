// The parts of describe-security-groups, -security-group-rules and -stale-security-groups that the rule set reads.
// Types only: whether a block, a port or a protocol makes sense is judged where rules are made.
import * as v from "valibot";
import type { OFFSET } from "./json-reader.js";
import { type Maybe, type Shape, shapeOf } from "./shape.js";

interface Located {
  readonly [OFFSET]: number;
}

export interface GroupPairShape extends Located {
  readonly GroupId: string;
  readonly UserId?: Maybe<string>;
  readonly PeeringStatus?: Maybe<string>;
  readonly Description?: Maybe<string>;
}

/** Protocol and ports as both dialects of a rule spell them. */
export interface TrafficShape {
  readonly IpProtocol: string;
  readonly FromPort?: Maybe<number>;
  readonly ToPort?: Maybe<number>;
}

export interface PermissionShape extends Located, TrafficShape {
  readonly IpRanges?: Maybe<
    readonly (Located & { readonly CidrIp: string; readonly Description?: Maybe<string> })[]
  >;
  readonly Ipv6Ranges?: Maybe<
    readonly (Located & { readonly CidrIpv6: string; readonly Description?: Maybe<string> })[]
  >;
  readonly PrefixListIds?: Maybe<
    readonly (Located & { readonly PrefixListId: string; readonly Description?: Maybe<string> })[]
  >;
  readonly UserIdGroupPairs?: Maybe<readonly GroupPairShape[]>;
}

export interface GroupShape extends Located {
  readonly GroupId: string;
  readonly GroupName?: Maybe<string>;
  readonly VpcId?: Maybe<string>;
  readonly OwnerId?: Maybe<string>;
  readonly IpPermissions?: Maybe<readonly PermissionShape[]>;
  readonly IpPermissionsEgress?: Maybe<readonly PermissionShape[]>;
}

export interface GroupRuleShape extends Located, TrafficShape {
  readonly SecurityGroupRuleId: string;
  readonly GroupId: string;
  readonly GroupOwnerId?: Maybe<string>;
  readonly IsEgress: boolean;
  readonly CidrIpv4?: Maybe<string>;
  readonly CidrIpv6?: Maybe<string>;
  readonly PrefixListId?: Maybe<string>;
  readonly ReferencedGroupInfo?: Maybe<Omit<GroupPairShape, "Description">>;
  readonly Description?: Maybe<string>;
}

/** The stale lists name references only; ranges and prefix lists in them mean nothing. */
export interface StalePermissionShape extends Located, TrafficShape {
  readonly UserIdGroupPairs?: Maybe<readonly GroupPairShape[]>;
}

export interface StaleGroupShape extends Located {
  readonly GroupId: string;
  readonly StaleIpPermissions?: Maybe<readonly StalePermissionShape[]>;
  readonly StaleIpPermissionsEgress?: Maybe<readonly StalePermissionShape[]>;
}

/** What authorize- and revoke-security-group-ingress and -egress take as JSON. */
export interface RuleInputShape extends Located {
  readonly GroupId?: Maybe<string>;
  readonly GroupName?: Maybe<string>;
  readonly IpPermissions?: Maybe<readonly PermissionShape[]>;
  readonly SecurityGroupRuleIds?: Maybe<readonly string[]>;
}

const text = v.nullish(v.string());
const whole = v.nullish(v.pipe(v.number(), v.integer()));
const traffic = { IpProtocol: v.string(), FromPort: whole, ToPort: whole };
const reference = { GroupId: v.string(), UserId: text, PeeringStatus: text };
const groupPairs = v.nullish(v.array(shapeOf({ ...reference, Description: text })));

/** One item of IpPermissions or IpPermissionsEgress. */
export const PERMISSION: Shape<PermissionShape> = shapeOf({
  ...traffic,
  IpRanges: v.nullish(v.array(shapeOf({ CidrIp: v.string(), Description: text }))),
  Ipv6Ranges: v.nullish(v.array(shapeOf({ CidrIpv6: v.string(), Description: text }))),
  PrefixListIds: v.nullish(v.array(shapeOf({ PrefixListId: v.string(), Description: text }))),
  UserIdGroupPairs: groupPairs,
});

const permissions = v.nullish(v.array(PERMISSION));

export const GROUP: Shape<GroupShape> = shapeOf({
  GroupId: v.string(),
  GroupName: text,
  VpcId: text,
  OwnerId: text,
  IpPermissions: permissions,
  IpPermissionsEgress: permissions,
});

export const GROUP_RULE: Shape<GroupRuleShape> = shapeOf({
  ...traffic,
  SecurityGroupRuleId: v.string(),
  GroupId: v.string(),
  GroupOwnerId: text,
  IsEgress: v.boolean(),
  CidrIpv4: text,
  CidrIpv6: text,
  PrefixListId: text,
  ReferencedGroupInfo: v.nullish(shapeOf(reference)),
  Description: text,
});

const stalePermissions = v.nullish(v.array(shapeOf({ ...traffic, UserIdGroupPairs: groupPairs })));

export const STALE_GROUP: Shape<StaleGroupShape> = shapeOf({
  GroupId: v.string(),
  StaleIpPermissions: stalePermissions,
  StaleIpPermissionsEgress: stalePermissions,
});

export const RULE_INPUT: Shape<RuleInputShape> = shapeOf({
  GroupId: text,
  GroupName: text,
  IpPermissions: permissions,
  SecurityGroupRuleIds: v.nullish(v.array(v.string())),
});
