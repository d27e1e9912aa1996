// The parts of describe-network-acls that the rule set reads. Types only.
import * as v from "valibot";
import type { OFFSET } from "./json-reader.js";
import { type Maybe, type Shape, shapeOf } from "./shape.js";

interface Located {
  readonly [OFFSET]: number;
}

export interface AclEntryShape extends Located {
  readonly RuleNumber: number;
  readonly Protocol: string;
  readonly RuleAction: "allow" | "deny";
  readonly Egress: boolean;
  readonly CidrBlock?: Maybe<string>;
  readonly Ipv6CidrBlock?: Maybe<string>;
  readonly PortRange?: Maybe<{ readonly From: number; readonly To: number }>;
  readonly IcmpTypeCode?: Maybe<{ readonly Type: number; readonly Code: number }>;
}

export interface AclShape extends Located {
  readonly NetworkAclId: string;
  readonly VpcId?: Maybe<string>;
  readonly IsDefault?: Maybe<boolean>;
  /** Required: what a missing list of subnets or entries means nobody can know. */
  readonly Associations: readonly {
    readonly SubnetId: string;
    readonly NetworkAclId?: Maybe<string>;
  }[];
  readonly Entries: readonly AclEntryShape[];
}

const text = v.nullish(v.string());
const whole = v.pipe(v.number(), v.integer());

export const ACL: Shape<AclShape> = shapeOf({
  NetworkAclId: v.string(),
  VpcId: text,
  IsDefault: v.nullish(v.boolean()),
  Associations: v.array(shapeOf({ SubnetId: v.string(), NetworkAclId: text })),
  Entries: v.array(
    shapeOf({
      RuleNumber: whole,
      Protocol: v.string(),
      RuleAction: v.picklist(["allow", "deny"]),
      Egress: v.boolean(),
      CidrBlock: text,
      Ipv6CidrBlock: text,
      PortRange: v.nullish(shapeOf({ From: whole, To: whole })),
      IcmpTypeCode: v.nullish(shapeOf({ Type: whole, Code: whole })),
    }),
  ),
});
