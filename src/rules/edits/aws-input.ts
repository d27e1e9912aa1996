// The JSON input of the AWS CLI's four verbs for rules, in a document or behind --ip-permissions and --cli-input-json.
import type { Direction } from "../../model/verdict.js";
import { readPermission } from "../group-document.js";
import { PERMISSION, RULE_INPUT } from "../group-shape.js";
import {
  isObject,
  type JsonDocument,
  type JsonObject,
  type JsonValue,
  OFFSET,
  readJson,
} from "../json-reader.js";
import { isOpaqueId, newContext } from "../load-context.js";
import type { RuleDraft } from "../rule-draft.js";
import { conform } from "../shape.js";
import { below, refuse, type Spot, showValue } from "../spot.js";
import type { Edit, RuleEdit } from "./edit.js";

export interface AwsVerb {
  readonly kind: "authorize" | "revoke";
  readonly direction: Direction;
}

export const AWS_VERBS: ReadonlyMap<string, AwsVerb> = new Map([
  ["authorize-security-group-ingress", { kind: "authorize", direction: "ingress" }],
  ["authorize-security-group-egress", { kind: "authorize", direction: "egress" }],
  ["revoke-security-group-ingress", { kind: "revoke", direction: "ingress" }],
  ["revoke-security-group-egress", { kind: "revoke", direction: "egress" }],
]);

const SHAPE_HINT =
  'give {"authorize-security-group-ingress": {"GroupId": "sg-...", "IpPermissions": [...]}}, or name the file after the verb: ' +
  [...AWS_VERBS.keys()].join(", ");

/** Edits of a whole JSON document: the verb is a key around the input, or stands in the name of the document. */
export function readInputDocument(name: string, text: string): Edit[] {
  const document = readJson(name, text);
  const base = name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1);
  const named = [...AWS_VERBS].filter(([verb]) => base.includes(verb)).map(([, verb]) => verb);
  const edits: Edit[] = [];

  function visit(value: JsonValue, spot: Spot, verb: AwsVerb | undefined): void {
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) visit(item, below(spot, index), verb);
      return;
    }
    if (!isObject(value))
      refuse(spot, "edit-unrecognised", `${showValue(value)} is no edit`, SHAPE_HINT);
    const verbs = Object.keys(value).filter((key) => AWS_VERBS.has(key));
    if (verbs.length === 0 && verb !== undefined) {
      edits.push(...readInput(verb, value, spot));
      return;
    }
    const stranger = Object.keys(value).find((key) => !AWS_VERBS.has(key));
    if (verbs.length === 0 || stranger !== undefined)
      refuse(
        spot,
        "edit-unrecognised",
        stranger === undefined
          ? "an empty object is no edit"
          : `the key ${showValue(stranger)} is no verb of edits`,
        SHAPE_HINT,
      );
    for (const key of verbs) visit(value[key] as JsonValue, below(spot, key), AWS_VERBS.get(key));
  }

  for (const [index, value] of document.values.entries())
    visit(value, { document, value: index, path: [] }, named.length === 1 ? named[0] : undefined);
  return edits;
}

/** Keys that say how AWS answers, or what it writes beside the rule: they change no rule set. */
const IGNORED: ReadonlySet<string> = new Set(["DryRun", "TagSpecifications"]);
const KNOWN: ReadonlySet<string> = new Set([
  "GroupId",
  "GroupName",
  "IpPermissions",
  "SecurityGroupRuleIds",
]);

/** What options beside the input name. */
export interface NamedGroup {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
}

/** One input object. Refuses to choose where `beside` names another group: AWS would take the option without a word. */
export function readInput(
  verb: AwsVerb,
  value: JsonObject,
  spot: Spot,
  beside: NamedGroup = {},
): Edit[] {
  for (const key of Object.keys(value))
    if (!KNOWN.has(key) && !IGNORED.has(key))
      refuse(
        below(spot, key),
        "edit-unrecognised",
        "the key is not known here",
        `allowed: ${[...KNOWN].join(", ")}`,
      );
  const shape = conform(RULE_INPUT, value, spot);
  const id = agreed(below(spot, "GroupId"), shape.GroupId, "--group-id", beside.id);
  const name = agreed(below(spot, "GroupName"), shape.GroupName, "--group-name", beside.name);
  const named = id ?? name;
  if (named == null || named === "")
    return refuse(spot, "edit-group-missing", "no group is named", "give GroupId");
  const { SecurityGroupRuleIds: ruleIds } = shape;
  const { IpPermissions: permissions } = value;
  if (ruleIds != null && verb.kind === "authorize")
    refuse(
      below(spot, "SecurityGroupRuleIds"),
      "edit-unrecognised",
      "AWS gives the ids of rules that it authorises",
      "give IpPermissions",
    );
  const edits: Edit[] = readPermissions(
    verb,
    named,
    (permissions as readonly JsonValue[] | null | undefined) ?? [],
    below(spot, "IpPermissions"),
  );
  for (const [i, ruleId] of (ruleIds ?? []).entries()) {
    if (!isOpaqueId(ruleId))
      refuse(
        below(spot, "SecurityGroupRuleIds", i),
        "rules-id",
        `${showValue(ruleId)} is not an id`,
      );
    const at = spot.document.placeOf(shape[OFFSET]);
    edits.push({ kind: "revoke-id", direction: verb.direction, group: named, ruleId, at });
  }
  if (edits.length === 0)
    refuse(spot, "edit-without-effect", `there are no IpPermissions to ${verb.kind}`, SHAPE_HINT);
  if (id === undefined || name === undefined) return edits;
  return edits.map((edit) => ({ ...edit, groupName: name }));
}

function agreed(
  spot: Spot,
  inside: string | null | undefined,
  option: string,
  beside: string | undefined,
): string | undefined {
  if (inside == null || beside === undefined || inside === beside) return inside ?? beside;
  return refuse(
    spot,
    "edit-group-contradiction",
    `found ${showValue(inside)}, but ${option} says ${showValue(beside)}`,
    `name one group: leave out ${option}, or the key`,
  );
}

/** Every rule that the permissions at `spot` mean. */
export function readPermissions(
  verb: AwsVerb,
  group: string,
  permissions: readonly JsonValue[],
  spot: Spot,
): RuleEdit[] {
  const context = newContext();
  const found: RuleDraft[] = [];
  for (const [index, value] of permissions.entries()) {
    const at = below(spot, index);
    readPermission(
      context,
      verb.direction,
      conform(PERMISSION, value, at),
      // The owner is known when the edit is applied.
      { groupId: "", accountId: undefined },
      at,
      found,
    );
    if (context.warnings.length > 0)
      refuse(at, "edit-without-effect", "the permission names no peer");
  }
  return found.map((draft) => toEdit(verb, group, draft));
}

function toEdit({ kind }: AwsVerb, group: string, draft: RuleDraft): RuleEdit {
  const { text: _, ...numbers } = draft.traffic;
  // AWS ignores descriptions when it revokes.
  const described = kind === "authorize" && draft.description !== undefined;
  return {
    kind,
    group,
    direction: draft.direction,
    ...numbers,
    peer: draft.peer,
    ...(described ? { description: draft.description as string } : {}),
    at: draft.at,
  };
}

/**
 * JSON that stands inside another text, read so that places are those of the outer text: as many lines and blanks are
 * put before it. Exact where the JSON is quoted without escapes.
 */
export function readInnerJson(
  name: string,
  text: string,
  at: { readonly line: number; readonly column: number },
): JsonDocument {
  return readJson(name, `${"\n".repeat(at.line - 1)}${" ".repeat(at.column)}${text}`);
}
