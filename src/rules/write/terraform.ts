// Rules as Terraform resources of the AWS provider, one resource per rule.
import { PROTOCOL_ICMP, PROTOCOL_ICMPV6, PROTOCOL_TCP, PROTOCOL_UDP } from "../../contract.js";
import { formatCidr } from "../../model/address.js";
import { type Group, isUndecided, type Rule } from "../../model/rule-set.js";
import { formatPeer } from "../rule-draft.js";
import { ruleKey } from "../rule-key.js";
import { protocolName } from "../traffic.js";

export interface TerraformOptions {
  /** Expression of a group's id, such as `aws_security_group.web.id`, written as it is; absent or undefined = the id. */
  readonly groupExpression?: (groupId: string) => string | undefined;
  /** Adds an `import` block for each rule with an `sgr-` id, so that Terraform adopts it instead of adding it. */
  readonly imports?: boolean;
}

/**
 * `aws_vpc_security_group_ingress_rule` and `..._egress_rule` of every rule, in the order of the groups and their rules.
 * Names are made of group, direction, protocol, ports and peer, and are unique. A rule that AWS
 * would not take, because it is stale or its peer undecided, becomes a comment. The groups themselves are not written.
 */
export function groupsAsTerraform(groups: Iterable<Group>, options: TerraformOptions = {}): string {
  const names = new Set<string>();
  const blocks: string[] = [];
  for (const group of groups)
    for (const rule of group.rules) {
      const why = whyNot(rule);
      if (why !== undefined) {
        blocks.push(`# Left out, because ${why}: ${oneLine(`${group.id}/${ruleKey(rule)}`)}`);
        continue;
      }
      const type = `aws_vpc_security_group_${rule.direction}_rule`;
      const name = resourceName(names, group, rule);
      if (options.imports === true && rule.id.startsWith("sgr-"))
        blocks.push(
          block("import", [
            ["to", `${type}.${name}`],
            ["id", quoteHcl(rule.id)],
          ]),
        );
      blocks.push(block(`resource "${type}" "${name}"`, attributes(group, rule, options)));
    }
  return blocks.length === 0 ? "" : `${blocks.join("\n\n")}\n`;
}

function whyNot({ stale, peer }: Rule): string | undefined {
  if (stale) return "it is stale";
  return peer.kind !== "cidr" && isUndecided(peer.id) ? "its peer is not decided" : undefined;
}

type Attribute = readonly [string, string];

function block(head: string, lines: readonly Attribute[]): string {
  const width = Math.max(...lines.map(([key]) => key.length));
  const body = lines.map(([key, value]) => `  ${key.padEnd(width)} = ${value}`);
  return [`${head} {`, ...body, "}"].join("\n");
}

function attributes(group: Group, rule: Rule, options: TerraformOptions): Attribute[] {
  const groupId = (id: string): string => options.groupExpression?.(id) ?? quoteHcl(id);
  const lines: Attribute[] = [["security_group_id", groupId(group.id)]];
  if (rule.description !== undefined && rule.description !== "")
    lines.push(["description", quoteHcl(rule.description)]);
  lines.push(["ip_protocol", quoteHcl(rule.protocol === -1 ? "-1" : protocolName(rule.protocol))]);
  // With other protocols the provider refuses ports.
  if (rule.protocol === PROTOCOL_TCP || rule.protocol === PROTOCOL_UDP)
    lines.push(["from_port", String(rule.fromPort)], ["to_port", String(rule.toPort)]);
  if (rule.protocol === PROTOCOL_ICMP || rule.protocol === PROTOCOL_ICMPV6)
    lines.push(["from_port", String(rule.icmpType)], ["to_port", String(rule.icmpCode)]);
  lines.push(peerAttribute(rule, groupId));
  return lines;
}

function peerAttribute({ peer }: Rule, groupId: (id: string) => string): Attribute {
  if (peer.kind === "prefix-list") return ["prefix_list_id", quoteHcl(peer.id)];
  if (peer.kind === "cidr")
    return [
      peer.cidr.address.family === 4 ? "cidr_ipv4" : "cidr_ipv6",
      quoteHcl(formatCidr(peer.cidr)),
    ];
  const value = peer.account === undefined ? groupId(peer.id) : quoteHcl(formatPeer(peer));
  return ["referenced_security_group_id", value];
}

/** Letters, digits and `_`, beginning with a letter; a number tells apart what else would be the same. */
function resourceName(taken: Set<string>, group: Group, rule: Rule): string {
  const words = `${group.id}_${ruleKey(rule)}`.replace(/[^A-Za-z0-9]+/g, "_").replace(/_+$/, "");
  const base = /^[A-Za-z]/.test(words) ? words : `rule_${words}`;
  let name = base;
  for (let next = 2; taken.has(name); next++) name = `${base}_${next}`;
  taken.add(name);
  return name;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** A quoted template of HCL that means the text alone: no interpolation, no directive, no raw control character. */
export function quoteHcl(text: string): string {
  const escaped = text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must be escaped
    .replace(/["\\\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, escapeCharacter)
    .replace(/[$%](?=\{)/g, "$&$&");
  return `"${escaped}"`;
}

function escapeCharacter(character: string): string {
  return ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Text for a comment, which ends with its line. */
function oneLine(text: string): string {
  return quoteHcl(text).slice(1, -1);
}
