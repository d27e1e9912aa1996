import { describe, expect, it } from "vitest";
import type { FlowError } from "../../../src/errors.js";
import { formatAddress, formatCidr } from "../../../src/model/address.js";
import { inspectRules, loadCandidate, loadRuleSet } from "../../../src/rules/index.js";
import {
  block,
  document,
  group,
  instance,
  type Made,
  OPEN_EGRESS,
  resource,
  state,
  type Values,
} from "./terraform-json.js";

function load(...resources: readonly Made[]): ReturnType<typeof loadRuleSet> {
  return loadRuleSet([document(state(...resources), "state.json")]);
}

function ruleIds(...resources: readonly Made[]): readonly string[] {
  return [...load(...resources).ruleSet.groups.values()].flatMap(({ rules }) =>
    rules.map(({ id }) => id),
  );
}

function failure(value: unknown): FlowError {
  try {
    loadRuleSet([document(value, "state.json")]);
  } catch (error) {
    return error as FlowError;
  }
  throw new Error("nothing was refused");
}

describe("groups of a Terraform state", () => {
  it("reads a list as the product of its blocks and their peers", () => {
    const ids = ruleIds(
      resource(
        "aws_security_group.web",
        group("sg-web", "web", {
          ingress: [
            block({
              cidr_blocks: ["10.0.0.0/8", "192.168.0.0/16"],
              ipv6_cidr_blocks: ["::/0"],
              prefix_list_ids: ["pl-1"],
              security_groups: ["sg-lb", "444455556666/sg-far"],
              self: true,
            }),
            block({ protocol: "icmp", from_port: 8, to_port: -1, cidr_blocks: ["0.0.0.0/0"] }),
          ],
          egress: [OPEN_EGRESS],
        }),
      ),
    );
    expect(ids).toEqual([
      "sg-web/ingress/tcp/443/10.0.0.0/8",
      "sg-web/ingress/tcp/443/192.168.0.0/16",
      "sg-web/ingress/tcp/443/::/0",
      "sg-web/ingress/tcp/443/pl-1",
      "sg-web/ingress/tcp/443/sg-lb",
      "sg-web/ingress/tcp/443/444455556666/sg-far",
      "sg-web/ingress/tcp/443/sg-web",
      "sg-web/ingress/icmp/8:all/0.0.0.0/0",
      "sg-web/egress/all/all/0.0.0.0/0",
    ]);
  });

  it("has no egress where the list is empty: Terraform takes AWS's open rule away", () => {
    const { ruleSet } = load(resource("aws_security_group.web", group("sg-web", "web")));
    expect(ruleSet.groups.get("sg-web")).toMatchObject({ vpcId: "vpc-1", rules: [] });
  });

  it("adds rules of their own, with their sgr- ids", () => {
    const ids = ruleIds(
      resource("aws_security_group.db", group("sg-db", "db")),
      resource("aws_vpc_security_group_ingress_rule.app", {
        id: "sgr-1",
        security_group_rule_id: "sgr-1",
        security_group_id: "sg-db",
        ip_protocol: "tcp",
        from_port: 5432,
        to_port: 5432,
        referenced_security_group_id: "sg-app",
        cidr_ipv4: null,
      }),
      resource("aws_vpc_security_group_egress_rule.all", {
        id: "sgr-2",
        security_group_rule_id: "sgr-2",
        security_group_id: "sg-db",
        ip_protocol: "-1",
        from_port: null,
        to_port: null,
        cidr_ipv4: "0.0.0.0/0",
      }),
      resource("aws_vpc_security_group_ingress_rule.ping", {
        id: "sgr-3",
        security_group_id: "sg-db",
        ip_protocol: "icmp",
        from_port: null,
        to_port: null,
        cidr_ipv4: "10.0.0.0/8",
      }),
      resource("aws_security_group_rule.many", {
        id: "sgrule-1234",
        security_group_rule_id: "",
        type: "ingress",
        security_group_id: "sg-db",
        protocol: "udp",
        from_port: 53,
        to_port: 53,
        cidr_blocks: ["10.1.0.0/16", "10.2.0.0/16"],
        ipv6_cidr_blocks: null,
        prefix_list_ids: [],
        self: false,
        source_security_group_id: null,
      }),
    );
    expect(ids).toEqual([
      "sgr-1",
      "sgr-2",
      "sg-db/ingress/icmp/all/10.0.0.0/8",
      "sg-db/ingress/udp/53/10.1.0.0/16",
      "sg-db/ingress/udp/53/10.2.0.0/16",
    ]);
  });

  it("keeps what a list mirrors beside rules of their own, and says where the list is the older", () => {
    const mirrored = block({ cidr_blocks: ["10.9.0.0/16"], from_port: 22, to_port: 22 });
    const own = {
      security_group_id: "sg-1",
      ip_protocol: "tcp",
      from_port: 443,
      to_port: 443,
      cidr_ipv4: "0.0.0.0/0",
    };
    const { ruleSet, warnings } = load(
      resource("aws_security_group.a", group("sg-1", "a", { ingress: [mirrored] })),
      resource("aws_vpc_security_group_ingress_rule.web", own),
    );
    expect(ruleSet.groups.get("sg-1")?.rules).toHaveLength(2);
    expect(warnings.map(({ code }) => code)).toEqual(["terraform-list-older"]);
    expect(warnings[0]!.message).toContain("ingress/tcp/22/10.9.0.0/16");
    expect(warnings[0]!.message).toMatch(/^aws_security_group\.a: /);
  });

  it("takes a group that stands elsewhere as known in part", () => {
    const { ruleSet, warnings } = load(
      resource("aws_security_group_rule.x", {
        type: "ingress",
        security_group_id: "sg-elsewhere",
        protocol: "tcp",
        from_port: 22,
        to_port: 22,
        cidr_blocks: ["10.0.0.0/8"],
        self: false,
      }),
    );
    expect(ruleSet.groups.get("sg-elsewhere")?.rules.map(({ id }) => id)).toEqual([
      "sg-elsewhere/ingress/tcp/22/10.0.0.0/8",
      "sg-elsewhere/ingress/all/all/undecided:sg-elsewhere.rules",
      "sg-elsewhere/egress/all/all/undecided:sg-elsewhere.rules",
    ]);
    expect(warnings.map(({ code }) => code)).toEqual(["group-partial"]);
  });

  it.each([{ ingress: null }, { ingress: undefined, egress: undefined }])(
    "leaves a direction open whose list was taken out: %j",
    (taken) => {
      const { ruleSet, warnings } = load(
        resource("aws_security_group.web", group("sg-1", "web", taken)),
      );
      const open = Object.keys(taken).map(
        (direction) => `sg-1/${direction}/all/all/undecided:aws_security_group.web.${direction}`,
      );
      expect(ruleSet.groups.get("sg-1")?.rules.map(({ id }) => id)).toEqual(open);
      expect(warnings.map(({ code }) => code)).toEqual(open.map(() => "group-partial"));
    },
  );

  it("finds resources in modules, with indices that hold anything", () => {
    const { ruleSet } = load(
      resource('module.net["a.b]"].aws_security_group.web[0]', group("sg-1", "web")),
      resource('module.net["a.b]"].aws_security_group.web["x/y"]', group("sg-2", "web2")),
    );
    expect([...ruleSet.groups.keys()]).toEqual(["sg-1", "sg-2"]);
  });
});

describe("interfaces of a Terraform state", () => {
  it("reads instances, interfaces, attachments and balancers", () => {
    const { ruleSet } = load(
      resource("aws_security_group.web", group("sg-web", "web")),
      resource("aws_instance.web", instance("i-1", "eni-1", "10.0.0.5", ["sg-web"])),
      resource("aws_network_interface.extra", {
        id: "eni-2",
        private_ip: "10.0.0.6",
        private_ips: ["10.0.0.7", "10.0.0.6"],
        ipv6_addresses: ["fd00::6"],
        ipv4_prefixes: ["10.0.4.0/28"],
        security_groups: ["sg-web"],
        subnet_id: "subnet-1",
        interface_type: "interface",
      }),
      resource("aws_network_interface_sg_attachment.extra", {
        id: "sg-db_eni-2",
        network_interface_id: "eni-2",
        security_group_id: "sg-db",
      }),
      resource("aws_network_interface_sg_attachment.far", {
        id: "sg-db_eni-9",
        network_interface_id: "eni-9",
        security_group_id: "sg-db",
      }),
      resource("aws_lb.front", {
        id: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/front/50dc",
        arn_suffix: "net/front/50dc",
        load_balancer_type: "network",
        security_groups: ["sg-lb"],
        subnet_mapping: [{ private_ipv4_address: "10.0.0.99" }],
        vpc_id: "vpc-1",
      }),
    );
    const shown = [...ruleSet.interfaces.values()].map(({ id, groupIds, addresses, type }) => [
      id,
      groupIds.join(),
      addresses.map(formatAddress).join(),
      type,
    ]);
    expect(shown).toEqual([
      ["eni-2", "sg-db,sg-web", "10.0.0.6,10.0.0.7,fd00::6", "interface"],
      ["aws_lb.front", "sg-lb", "10.0.0.99", "network_load_balancer"],
      ["eni-1", "sg-web", "10.0.0.5", "interface"],
      ["eni-9", "sg-db,undecided:eni-9.groups", "", undefined],
    ]);
  });

  it.each<readonly [string, Values, string | undefined]>([
    ["aws_instance.x", { vpc_security_group_ids: null }, "vpc_security_group_ids"],
    ["aws_instance.x", { vpc_security_group_ids: [] }, "vpc_security_group_ids"],
    ["aws_network_interface.x", {}, "security_groups"],
    ["aws_network_interface.x", { security_groups: [] }, "security_groups"],
    ["data.aws_network_interface.x", { security_groups: null }, "security_groups"],
    [
      "data.aws_network_interface.x",
      { security_groups: [], interface_type: "nat_gateway" },
      undefined,
    ],
  ])("does not take an interface for one without groups: %s %j", (address, values, attribute) => {
    const known = { id: "eni-1", primary_network_interface_id: "eni-1", private_ip: "10.0.0.5" };
    const { ruleSet, warnings } = load(resource(address, { ...known, ...values }));
    expect(ruleSet.interfaces.get("eni-1")?.groupIds).toEqual(
      attribute === undefined ? [] : [`undecided:${address}.${attribute}`],
    );
    expect(warnings.map(({ code }) => code)).toEqual(
      attribute === undefined ? [] : ["terraform-groups-missing"],
    );
  });

  it("takes the groups of an interface from whom tells them", () => {
    const { ruleSet } = load(
      resource("aws_network_interface.x", { id: "eni-1" }),
      resource("aws_instance.x", instance("i-1", "eni-1", "10.0.0.5", ["sg-1"])),
    );
    expect(ruleSet.interfaces.get("eni-1")?.groupIds).toEqual(["sg-1"]);
  });

  it("reads VPCs, subnets and prefix lists, of data sources too", () => {
    const { ruleSet } = load(
      resource("aws_vpc.main", { id: "vpc-1", cidr_block: "10.0.0.0/16", ipv6_cidr_block: "" }),
      resource("aws_vpc_ipv4_cidr_block_association.more", {
        id: "vpc-cidr-assoc-1",
        vpc_id: "vpc-1",
        cidr_block: "10.1.0.0/16",
      }),
      resource("aws_subnet.a", {
        id: "subnet-1",
        vpc_id: "vpc-1",
        cidr_block: "10.0.0.0/24",
        ipv6_cidr_block: null,
      }),
      resource("aws_ec2_managed_prefix_list.office", {
        id: "pl-1",
        name: "office",
        max_entries: 5,
        entry: [{ cidr: "192.0.2.0/24", description: "" }],
      }),
      resource("aws_ec2_managed_prefix_list_entry.home", {
        id: "pl-1,198.51.100.0/24",
        prefix_list_id: "pl-1",
        cidr: "198.51.100.0/24",
      }),
      resource("data.aws_prefix_list.s3", {
        id: "pl-s3",
        name: "com.amazonaws.eu-west-1.s3",
        cidr_blocks: ["52.218.0.0/17"],
      }),
    );
    expect(ruleSet.vpcs.get("vpc-1")?.cidrs).toHaveLength(2);
    expect(ruleSet.subnets.get("subnet-1")).toMatchObject({ vpcId: "vpc-1" });
    expect(ruleSet.prefixLists.get("pl-1")).toMatchObject({ name: "office", maxEntries: 5 });
    expect(ruleSet.prefixLists.get("pl-1")?.cidrs).toHaveLength(2);
    expect(ruleSet.prefixLists.get("pl-s3")?.cidrs).toHaveLength(1);
  });
});

describe("an interface that several things tell", () => {
  const box = resource("aws_instance.i", {
    id: "i-1",
    primary_network_interface_id: "eni-1",
    private_ip: "10.0.0.5",
    vpc_security_group_ids: ["sg-new"],
  });
  const eni = (address: string, groupId: string): Made =>
    resource(address, {
      id: "eni-1",
      interface_type: "efa",
      private_ips: ["10.0.0.5", "10.0.0.6"],
      security_groups: [groupId],
    });

  it.each<readonly [string, readonly Made[], string, string]>([
    [
      "its instance before a data source, which was read before the apply",
      [eni("data.aws_network_interface.e", "sg-old"), box],
      "sg-new",
      "interface",
    ],
    [
      "its own resource before the instance",
      [box, eni("aws_network_interface.e", "sg-own")],
      "sg-own",
      "efa",
    ],
  ])("%s", (_, resources, groupId, type) => {
    const { ruleSet, warnings } = load(...resources);
    expect(warnings.map(({ code }) => code)).toContain("terraform-groups-differ");
    expect(ruleSet.interfaces.get("eni-1")).toMatchObject({
      groupIds: [groupId],
      instanceId: "i-1",
      type,
    });
    expect(ruleSet.interfaces.get("eni-1")?.addresses).toHaveLength(2);
  });
});

describe("what is said of a state", () => {
  it("tells types with their counts, and who else carries groups", () => {
    const loaded = load(
      resource("aws_security_group.web", group("sg-web", "web")),
      resource("aws_db_instance.main", { id: "db", vpc_security_group_ids: ["sg-web"] }),
      resource("aws_ecs_service.app", {
        id: "app",
        network_configuration: [{ security_groups: ["sg-web"] }],
      }),
    );
    const [first] = inspectRules(loaded);
    expect(first?.message).toContain("Terraform state: aws_security_group (1)");
    expect(first?.message).toContain("aws_db_instance (1), aws_ecs_service (1)");
  });

  it("reads a state file of version 4 the same", () => {
    const file = {
      version: 4,
      terraform_version: "1.9.5",
      serial: 3,
      lineage: "x",
      resources: [
        {
          module: "module.net",
          mode: "managed",
          type: "aws_security_group",
          name: "web",
          instances: [
            { index_key: "a", attributes: group("sg-1", "web", { egress: [OPEN_EGRESS] }) },
            { index_key: "b", deposed: "00000001", attributes: group("sg-old", "web") },
          ],
        },
      ],
    };
    const { ruleSet } = loadRuleSet([document(file, "terraform.tfstate")]);
    // A deposed group is there until it is destroyed.
    expect([...ruleSet.groups.keys()]).toEqual(["sg-1", "sg-old"]);
  });

  it("refuses what it does not know, with file, line, address and path", () => {
    const wrong = state(
      resource(
        "aws_security_group.web",
        group("sg-1", "web", {
          ingress: [block({ from_port: 70_000, cidr_blocks: ["0.0.0.0/0"] })],
        }),
      ),
    );
    const error = failure(wrong);
    expect(error.code).toBe("ports-out-of-range");
    expect(error.message).toMatch(
      /^state\.json:\d+:\d+: aws_security_group\.web: values\.root_module\.resources\.0\.values\.ingress\.0\.from_port: 70000 is outside 0-65535$/,
    );
    expect(failure({ format_version: "2.0", values: {} }).code).toBe("terraform-version");
    expect(failure({ version: 3, terraform_version: "0.11.0", serial: 1, modules: [] }).code).toBe(
      "terraform-version",
    );
    expect(failure({ "@level": "info", "@message": "Terraform 1.9.5", type: "version" }).code).toBe(
      "terraform-log",
    );
  });
});

describe("two states that tell of the same things", () => {
  const network = document(
    state(
      resource("aws_security_group.db", group("sg-1", "db")),
      resource("aws_instance.db", instance("i-1", "eni-1", "10.0.0.5", ["sg-1"])),
      resource("aws_ec2_managed_prefix_list.l", { id: "pl-1", name: "l", entry: [] }),
    ),
    "a.json",
  );
  const app = document(
    state(
      resource("aws_vpc_security_group_ingress_rule.r", {
        security_group_id: "sg-1",
        ip_protocol: "tcp",
        from_port: 5432,
        to_port: 5432,
        prefix_list_id: "pl-1",
      }),
      resource("aws_network_interface_sg_attachment.a", {
        network_interface_id: "eni-1",
        security_group_id: "sg-2",
      }),
      resource("aws_ec2_managed_prefix_list_entry.e", {
        prefix_list_id: "pl-1",
        cidr: "10.0.0.0/8",
      }),
    ),
    "b.json",
  );
  const told = (...documents: Parameters<typeof loadRuleSet>[0]): readonly unknown[] => {
    const { ruleSet, warnings } = loadRuleSet(documents);
    return [
      ruleSet.groups.get("sg-1")?.rules.map(({ id }) => id),
      ruleSet.interfaces.get("eni-1")?.groupIds,
      ruleSet.prefixLists.get("pl-1")?.cidrs?.map(formatCidr),
      warnings.map(({ code }) => code),
    ];
  };

  it("adds rules, attachments and entries of the one to what the other describes", () => {
    expect(told(network, app)).toEqual([
      ["sg-1/ingress/tcp/5432/pl-1"],
      ["sg-1", "sg-2"],
      ["10.0.0.0/8"],
      ["terraform-list-older"],
    ]);
  });

  it("takes what AWS answers as it is, and says what is left out", () => {
    const answer = {
      name: "answer.json",
      text: JSON.stringify({
        SecurityGroups: [{ GroupId: "sg-1", GroupName: "db", IpPermissions: [], VpcId: "vpc-1" }],
      }),
    };
    const [rules, , , codes] = told(answer, app);
    expect(rules).toEqual([]);
    expect(codes).toContain("group-partial");
  });

  it("adds them to a baseline", () => {
    const baseline = loadRuleSet([network]).ruleSet;
    const { ruleSet } = loadCandidate(baseline, [app]);
    expect(ruleSet.groups.get("sg-1")?.rules.map(({ id }) => id)).toEqual([
      "sg-1/ingress/tcp/5432/pl-1",
    ]);
    expect(ruleSet.interfaces.get("eni-1")?.groupIds).toEqual(["sg-1", "sg-2"]);
    expect(ruleSet.prefixLists.get("pl-1")?.cidrs?.map(formatCidr)).toEqual(["10.0.0.0/8"]);
  });

  it.each([{}, { entry: null }])("leaves a list open whose entries were taken out: %j", (taken) => {
    const { ruleSet } = load(
      resource("aws_ec2_managed_prefix_list.l", { id: "pl-1", name: "l", ...taken }),
    );
    expect(ruleSet.prefixLists.get("pl-1")?.cidrs).toBeUndefined();
  });
});
