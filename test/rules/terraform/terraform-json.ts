// Builders of what `terraform show -json` prints, for the tests of this folder.
import type { RuleDocument } from "../../../src/rules/index.js";

/** Values of a resource by its address; an address in a module says so, one with an index too. */
export type Values = Readonly<Record<string, unknown>>;

export interface Made {
  readonly address: string;
  readonly values: Values;
}

export function resource(address: string, values: Values): Made {
  return { address, values };
}

const INDEX = String.raw`(?:\[("(?:[^"\\]|\\.)*"|\d+)\])?`;
const ADDRESS = new RegExp(
  String.raw`^((?:module\.[^.[]+${INDEX.replace('("', '(?:"')}\.)*)(data\.)?([^.]+)\.([^.[]+)${INDEX}$`,
);

function head(address: string): Values {
  const [, , data, type, name, index] = ADDRESS.exec(address) ?? [];
  return {
    address,
    mode: data === undefined ? "managed" : "data",
    type,
    name,
    ...(index === undefined ? {} : { index: JSON.parse(index) as unknown }),
    provider_name: "registry.terraform.io/hashicorp/aws",
    schema_version: 1,
  };
}

export function moduleOf(address: string): string {
  return (ADDRESS.exec(address)?.[1] ?? "").replace(/\.$/, "");
}

/** Resources as a tree of modules. */
function tree(resources: readonly Made[]): Values {
  const modules = new Map<string, unknown[]>();
  for (const { address, values } of resources) {
    const name = moduleOf(address);
    modules.set(name, [...(modules.get(name) ?? []), { ...head(address), values }]);
  }
  const children = [...modules]
    .filter(([name]) => name !== "")
    .map(([address, list]) => ({ address, resources: list }));
  return {
    root_module: {
      resources: modules.get("") ?? [],
      ...(children.length === 0 ? {} : { child_modules: children }),
    },
  };
}

export function state(...resources: readonly Made[]): Values {
  return { format_version: "1.0", terraform_version: "1.9.5", values: tree(resources) };
}

export interface Change {
  readonly address: string;
  readonly actions: readonly string[];
  readonly before?: Values | null;
  readonly after?: Values | null;
  readonly unknown?: unknown;
  readonly more?: Values;
}

export function change(each: Change): Values {
  const { address, actions, before = null, after = null, unknown = {}, more = {} } = each;
  const module = moduleOf(address);
  return {
    ...head(address),
    ...(module === "" ? {} : { module_address: module }),
    change: {
      actions,
      before,
      after,
      after_unknown: unknown,
      before_sensitive: {},
      after_sensitive: {},
    },
    ...more,
  };
}

export interface PlanParts {
  readonly prior?: readonly Made[];
  readonly changes?: readonly Change[];
  readonly configuration?: Values;
  readonly more?: Values;
}

export function plan({ prior = [], changes = [], configuration, more = {} }: PlanParts): Values {
  return {
    format_version: "1.2",
    terraform_version: "1.9.5",
    planned_values: { root_module: {} },
    resource_changes: changes.map(change),
    prior_state: state(...prior),
    ...(configuration === undefined ? {} : { configuration: { root_module: configuration } }),
    ...more,
  };
}

/** A resource of a configuration with its expressions: a string is a reference, an array several. */
export function configured(address: string, expressions: Values): Values {
  const { mode, type, name } = head(address);
  return { address, mode, type, name, expressions };
}

/** What a configuration prints of an expression: each reference, and behind it its beginnings. */
export function refers(...references: readonly string[]): Values {
  const all = references.flatMap((text) => {
    const parts = text.split(/\.(?![^[]*\])/);
    const least = text.startsWith("data.") ? 3 : 2;
    const forms = [text];
    for (let count = parts.length - 1; count >= least; count--)
      forms.push(parts.slice(0, count).join("."));
    return forms;
  });
  return { references: all };
}

export function document(value: unknown, name = "plan.json"): RuleDocument {
  return { name, text: JSON.stringify(value, null, 1) };
}

/** A block of `ingress` or `egress`, with all nine keys as the provider writes them. */
export function block(rest: Values): Values {
  return {
    cidr_blocks: [],
    description: "",
    from_port: 443,
    ipv6_cidr_blocks: [],
    prefix_list_ids: [],
    protocol: "tcp",
    security_groups: [],
    self: false,
    to_port: 443,
    ...rest,
  };
}

export const OPEN_EGRESS = block({
  cidr_blocks: ["0.0.0.0/0"],
  from_port: 0,
  to_port: 0,
  protocol: "-1",
});

export function group(id: string, name: string, rest: Values = {}): Values {
  return {
    arn: `arn:aws:ec2:eu-west-1:111122223333:security-group/${id}`,
    description: "Managed by Terraform",
    egress: [],
    id,
    ingress: [],
    name,
    name_prefix: "",
    owner_id: "111122223333",
    revoke_rules_on_delete: false,
    tags: null,
    tags_all: {},
    vpc_id: "vpc-1",
    ...rest,
  };
}

export function instance(id: string, eni: string, ip: string, groups: readonly string[]): Values {
  return {
    id,
    primary_network_interface_id: eni,
    private_ip: ip,
    secondary_private_ips: [],
    ipv6_addresses: [],
    subnet_id: "subnet-1",
    vpc_security_group_ids: groups,
    security_groups: [],
  };
}
