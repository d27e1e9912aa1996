// A change set as `aws cloudformation describe-change-set --include-property-values` prints it: which resources change,
// and their properties before and after.
import type { DocumentContents } from "../document.js";
import { readInner } from "../inner-document.js";
import { isObject, type JsonObject, type JsonValue, memberOf } from "../json-reader.js";
import { serviceOfResource } from "../service-interfaces.js";
import { below, inside, refuse, type Spot, showValue } from "../spot.js";
import type { Node } from "./evaluate.js";
import {
  BALANCER,
  EGRESS,
  GROUP,
  INGRESS,
  INSTANCE,
  INTERFACE,
  PREFIX_LIST,
} from "./resource-types.js";

export interface StackChange {
  readonly logicalId: string;
  /** Absent of what is yet to be made. */
  readonly physicalId: string | undefined;
  readonly type: string;
  readonly action: "add" | "modify" | "remove" | "keep";
  /** Whether it is made anew; `undefined` where CloudFormation says that it depends. */
  readonly isReplaced: boolean | undefined;
  /** Made anew, it leaves what it was in the account. */
  readonly isRetained: boolean;
  readonly before: Node;
  readonly after: Node;
  readonly spot: Spot;
}

/** A change of a resource that is not read but has groups, or of a stack inside the stack. */
export interface UnreadChange {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string | undefined;
  readonly isRemoved: boolean;
  readonly before: Node;
  readonly after: Node;
  readonly spot: Spot;
}

export interface ChangeSet {
  readonly changes: readonly StackChange[];
  readonly unread: readonly UnreadChange[];
  /** More pages follow. */
  readonly isCut: boolean;
  readonly spot: Spot;
}

const READ: ReadonlySet<string> = new Set([
  GROUP,
  INGRESS,
  EGRESS,
  PREFIX_LIST,
  INTERFACE,
  INSTANCE,
  BALANCER,
]);
const FETCH =
  "aws cloudformation describe-change-set --change-set-name NAME --stack-name STACK --include-property-values --output json";

/** Whether a value is a change set. */
export function isChangeSet(value: JsonValue): value is JsonObject {
  return (
    Array.isArray(memberOf(value, "Changes")) &&
    (memberOf(value, "ChangeSetId") ?? memberOf(value, "ChangeSetName")) !== undefined
  );
}

/** How CloudFormation words that there is nothing to change; such a change set has failed. */
const NO_CHANGES = /didn't contain changes|no updates are to be performed/i;

/** One that is still being made tells no changes yet, and one that failed tells none at all. */
function refuseUnready(value: JsonObject, spot: Spot): void {
  const status = memberOf(value, "Status");
  const reason = memberOf(value, "StatusReason");
  if (status === undefined || status === "CREATE_COMPLETE") return;
  if (status === "FAILED" && typeof reason === "string" && NO_CHANGES.test(reason)) return;
  const why = typeof reason === "string" && reason !== "" ? `: ${showValue(reason)}` : "";
  refuse(
    below(spot, "Status"),
    "change-set-status",
    `the change set is ${showValue(status)}${why}; only CREATE_COMPLETE tells what changes`,
    "wait for it (aws cloudformation wait change-set-create-complete) and describe it again",
  );
}

/**
 * Reads the changes of resources that rules are made of. Throws where they do not tell their properties, and where the
 * change set is not ready.
 */
export function readChangeSet(value: JsonObject, spot: Spot): ChangeSet {
  refuseUnready(value, spot);
  const list = memberOf(value, "Changes") as readonly JsonValue[];
  const token = memberOf(value, "NextToken");
  return {
    changes: list.flatMap((item, i) => readChange(item, below(spot, "Changes", i))),
    unread: list.flatMap((item, i) => readUnread(item, below(spot, "Changes", i))),
    isCut: typeof token === "string" && token !== "",
    spot,
  };
}

const ACTIONS: ReadonlyMap<string, StackChange["action"]> = new Map([
  ["Add", "add"],
  ["Modify", "modify"],
  ["Dynamic", "modify"],
  ["Remove", "remove"],
  // It exists already, and only comes under the stack's care.
  ["Import", "keep"],
]);

/** The resource has what the template says already: what CloudFormation remembers of it changes, and nothing else. */
const UNCHANGED = "SyncWithActual";

function readChange(item: JsonValue, spot: Spot): StackChange[] {
  const change = memberOf(item, "ResourceChange");
  const type = memberOf(change, "ResourceType");
  const text = memberOf(change, "Action");
  if (typeof type !== "string" || !READ.has(type) || text === UNCHANGED) return [];
  const logicalId = memberOf(change, "LogicalResourceId");
  const at = inside(
    below(spot, "ResourceChange"),
    typeof logicalId === "string" ? logicalId : "a resource",
  );
  const action = ACTIONS.get(typeof text === "string" ? text : "");
  if (typeof logicalId !== "string" || action === undefined)
    return refuse(
      below(at, "Action"),
      "change-set-action",
      `${showValue(text)} is no action that is known`,
      `allowed: ${[...ACTIONS.keys(), UNCHANGED].join(", ")}`,
    );
  const physicalId = memberOf(change, "PhysicalResourceId");
  const replacement = memberOf(change, "Replacement");
  const policy = memberOf(change, "PolicyAction");
  return [
    {
      logicalId,
      physicalId: typeof physicalId === "string" && physicalId !== "" ? physicalId : undefined,
      type,
      action: action === "remove" && policy === "Retain" ? "keep" : action,
      isReplaced: replacement === "Conditional" ? undefined : replacement === "True",
      isRetained: policy === "ReplaceAndRetain",
      before: propertiesOf(change, "BeforeContext", action === "modify" || action === "remove", at),
      after: propertiesOf(change, "AfterContext", action === "modify" || action === "add", at),
      spot: at,
    },
  ];
}

export const STACK = "AWS::CloudFormation::Stack";
/** What lets through of network ACLs is read from describe-network-acls alone. */
export const ACL_TYPES: ReadonlySet<string> = new Set([
  "AWS::EC2::NetworkAcl",
  "AWS::EC2::NetworkAclEntry",
  "AWS::EC2::SubnetNetworkAclAssociation",
]);

function readUnread(item: JsonValue, spot: Spot): UnreadChange[] {
  const change = memberOf(item, "ResourceChange");
  const type = memberOf(change, "ResourceType");
  const logicalId = memberOf(change, "LogicalResourceId");
  if (typeof type !== "string" || READ.has(type) || typeof logicalId !== "string") return [];
  const at = inside(below(spot, "ResourceChange"), logicalId);
  const action = memberOf(change, "Action");
  // Nothing of a log is at what is yet to be made.
  if (type !== STACK && !ACL_TYPES.has(type) && action === "Add") return [];
  if (action === UNCHANGED) return [];
  const physicalId = memberOf(change, "PhysicalResourceId");
  const [before, after] = (["BeforeContext", "AfterContext"] as const).map((key): Node => {
    const text = memberOf(change, key);
    const isAbout =
      typeof text === "string" ? text.includes("SecurityGroup") : mayMoveGroups(change, type);
    const isNeeded = action !== (key === "BeforeContext" ? "Add" : "Remove");
    return isAbout || ACL_TYPES.has(type)
      ? propertiesOf(change, key, isNeeded, at)
      : { value: null, spot: below(at, key) };
  }) as [Node, Node];
  return [
    {
      logicalId,
      type,
      physicalId: typeof physicalId === "string" && physicalId !== "" ? physicalId : undefined,
      isRemoved: action === "Remove",
      before,
      after,
      spot: at,
    },
  ];
}

/** Whether a change that does not tell its properties may be one of groups: of those that change it tells the names. */
function mayMoveGroups(change: JsonValue | undefined, type: string): boolean {
  if (memberOf(change, "Action") === "Remove") return serviceOfResource(type) !== undefined;
  const details = memberOf(change, "Details");
  return (Array.isArray(details) ? details : []).some((detail) => {
    const name = memberOf(memberOf(detail, "Target"), "Name");
    return typeof name === "string" && /SecurityGroup|Vpc|VPC|Network/.test(name);
  });
}

/** The properties in a context, which is JSON in a text. */
function propertiesOf(
  change: JsonValue | undefined,
  key: "BeforeContext" | "AfterContext",
  isNeeded: boolean,
  spot: Spot,
): Node {
  const at = below(spot, key);
  const text = memberOf(change, key);
  if (typeof text !== "string") {
    if (isNeeded)
      refuse(
        at,
        "change-set-values",
        "the change set does not tell what the properties are",
        `describe it with them: ${FETCH}`,
      );
    return { value: null, spot: at };
  }
  const document = readInner(at, text);
  const value = memberOf(document.values[0], "Properties") ?? null;
  const inner: Spot = {
    document,
    value: 0,
    path: ["Properties"],
    ...(spot.subject === undefined ? {} : { subject: spot.subject }),
  };
  if (value !== null && !isObject(value))
    refuse(inner, "rules-shape", `expected an object, found ${showValue(value)}`);
  return { value, spot: inner };
}

/** How much it changes of what is read here. */
export function describeChangeSet({ changes, isCut }: ChangeSet): DocumentContents {
  const counts = new Map<string, number>();
  for (const { type, action } of changes)
    counts.set(`${type} to ${action}`, (counts.get(`${type} to ${action}`) ?? 0) + 1);
  return {
    counts,
    kinds: new Set(),
    note: isCut ? "NextToken is set: a page of changes is missing" : "",
  };
}
