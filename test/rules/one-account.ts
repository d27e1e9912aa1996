// One account in every form that rules come in: groups that name each other, a prefix list, interfaces and networks.
import type { RuleDocument } from "../../src/rules/index.js";
import { file, groupState, interfaceState, item } from "./config/items.js";
import { group, json, networkInterface, permission } from "./documents.js";
import {
  block,
  resource,
  state,
  document as terraform,
  group as terraformGroup,
} from "./terraform/terraform-json.js";

/** Documents of the account, whole and truncated nowhere. */
export interface AccountForm {
  readonly name: string;
  readonly documents: readonly RuleDocument[];
  /** AWS makes the block of an address with a length here, where it refuses one elsewhere. */
  readonly cutsBlocks?: true;
}

const ENTRIES = { PrefixListId: "pl-office", Entries: [{ Cidr: "192.0.2.0/24" }] };

const CLI: readonly RuleDocument[] = [
  json(
    {
      SecurityGroups: [
        group(
          "sg-web",
          [
            permission({ IpRanges: [{ CidrIp: "0.0.0.0/0" }] }),
            permission({
              FromPort: 22,
              ToPort: 22,
              PrefixListIds: [{ PrefixListId: "pl-office" }],
            }),
          ],
          [permission({ FromPort: 5432, ToPort: 5432, UserIdGroupPairs: [{ GroupId: "sg-db" }] })],
        ),
        group(
          "sg-db",
          [permission({ FromPort: 5432, ToPort: 5432, UserIdGroupPairs: [{ GroupId: "sg-web" }] })],
          [permission({ IpRanges: [{ CidrIp: "10.0.0.0/8" }] })],
        ),
      ],
    },
    "groups.json",
  ),
  json(
    {
      NetworkInterfaces: [
        networkInterface("eni-web", ["sg-web"], { PrivateIpAddress: "10.0.1.10" }),
        networkInterface("eni-db", ["sg-db"], { PrivateIpAddress: "10.0.1.20" }),
      ],
    },
    "interfaces.json",
  ),
  json(
    {
      Vpcs: [{ VpcId: "vpc-1", CidrBlock: "10.0.0.0/16" }],
      Subnets: [{ SubnetId: "subnet-1", VpcId: "vpc-1", CidrBlock: "10.0.1.0/24" }],
    },
    "network.json",
  ),
  json(ENTRIES, "list.json"),
];

const STATE = state(
  resource(
    "aws_security_group.web",
    terraformGroup("sg-web", "web", {
      ingress: [
        block({ cidr_blocks: ["0.0.0.0/0"] }),
        block({ from_port: 22, to_port: 22, prefix_list_ids: ["pl-office"] }),
      ],
      egress: [block({ from_port: 5432, to_port: 5432, security_groups: ["sg-db"] })],
    }),
  ),
  resource(
    "aws_security_group.db",
    terraformGroup("sg-db", "db", { egress: [block({ cidr_blocks: ["10.0.0.0/8"] })] }),
  ),
  resource("aws_vpc_security_group_ingress_rule.db", {
    id: "",
    security_group_id: "sg-db",
    ip_protocol: "tcp",
    from_port: 5432,
    to_port: 5432,
    referenced_security_group_id: "sg-web",
  }),
  resource("aws_ec2_managed_prefix_list.office", {
    id: "pl-office",
    name: "office",
    max_entries: 5,
    entry: [{ cidr: "192.0.2.0/24", description: "" }],
  }),
  ...["web", "db"].map((name) =>
    resource(`aws_network_interface.${name}`, {
      id: `eni-${name}`,
      private_ip: name === "web" ? "10.0.1.10" : "10.0.1.20",
      private_ips: [name === "web" ? "10.0.1.10" : "10.0.1.20"],
      security_groups: [`sg-${name}`],
      subnet_id: "subnet-1",
      interface_type: "interface",
    }),
  ),
  resource("aws_vpc.main", { id: "vpc-1", cidr_block: "10.0.0.0/16" }),
  resource("aws_subnet.a", { id: "subnet-1", vpc_id: "vpc-1", cidr_block: "10.0.1.0/24" }),
);

const TEMPLATE = `AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Office: {Type: String, Default: 192.0.2.0/24}
Resources:
  Net: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  SubnetA: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Net, CidrBlock: 10.0.1.0/24}}
  OfficeList:
    Type: AWS::EC2::PrefixList
    Properties:
      PrefixListName: office
      AddressFamily: IPv4
      MaxEntries: 5
      Entries: [{Cidr: !Ref Office}]
  Web:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      VpcId: !Ref Net
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, SourcePrefixListId: !GetAtt OfficeList.PrefixListId}
      SecurityGroupEgress:
        - {IpProtocol: tcp, FromPort: 5432, ToPort: 5432, DestinationSecurityGroupId: !GetAtt Db.GroupId}
  Db:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: db
      VpcId: !Ref Net
      SecurityGroupEgress:
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/8}
  DbIngress:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: !Ref Db, IpProtocol: tcp, FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: !Ref Web}
  WebCard:
    Type: AWS::EC2::NetworkInterface
    Properties: {SubnetId: !Ref SubnetA, PrivateIpAddress: 10.0.1.10, GroupSet: [!Ref Web]}
  DbCard:
    Type: AWS::EC2::NetworkInterface
    Properties: {SubnetId: !Ref SubnetA, PrivateIpAddress: 10.0.1.20, GroupSet: [!Ref Db]}
`;

const STACK = {
  StackResources: (
    [
      ["Net", "vpc-1"],
      ["SubnetA", "subnet-1"],
      ["OfficeList", "pl-office"],
      ["Web", "sg-web"],
      ["Db", "sg-db"],
      ["WebCard", "eni-web"],
      ["DbCard", "eni-db"],
    ] as const
  ).map(([LogicalResourceId, PhysicalResourceId]) => ({ LogicalResourceId, PhysicalResourceId })),
};
/** Of a stack that is there its parameters decide, not the template's defaults. */
const STACKS = {
  Stacks: [
    {
      StackName: "net",
      Parameters: [{ ParameterKey: "Office", ParameterValue: "192.0.2.0/24" }],
    },
  ],
};

const BY_HAND = `version: 1
groups:
  - id: sg-web
    vpc: vpc-1
    ingress:
      - {from: 0.0.0.0/0, port: tcp/443}
      - {from: pl-office, port: tcp/22}
    egress:
      - {to: sg-db, port: tcp/5432}
  - id: sg-db
    vpc: vpc-1
    ingress:
      - {from: sg-web, port: tcp/5432}
    egress:
      - {to: 10.0.0.0/8, port: tcp/443}
prefix-lists:
  - {id: pl-office, name: office, entries: [192.0.2.0/24]}
interfaces:
  - {id: eni-web, groups: [sg-web], addresses: [10.0.1.10], vpc: vpc-1, subnet: subnet-1}
  - {id: eni-db, groups: [sg-db], addresses: [10.0.1.20], vpc: vpc-1, subnet: subnet-1}
vpcs:
  - {id: vpc-1, blocks: [10.0.0.0/16]}
subnets:
  - {id: subnet-1, vpc: vpc-1, blocks: [10.0.1.0/24]}
`;

const AT = "2023-11-01T00:00:00.000Z";

function tcp(port: number, peers: object): object {
  return { ipProtocol: "tcp", fromPort: port, toPort: port, ...peers };
}

const CONFIG = file(
  item({
    type: "SecurityGroup",
    id: "sg-web",
    at: AT,
    configuration: groupState(
      "sg-web",
      [
        { port: 443, from: "0.0.0.0/0" },
        { port: 22, from: "pl-office" },
      ],
      { ipPermissionsEgress: [tcp(5432, { userIdGroupPairs: [{ groupId: "sg-db" }] })] },
    ),
  }),
  item({
    type: "SecurityGroup",
    id: "sg-db",
    at: AT,
    configuration: groupState("sg-db", [{ port: 5432, from: "sg-web" }], {
      ipPermissionsEgress: [tcp(443, { ipv4Ranges: [{ cidrIp: "10.0.0.0/8" }] })],
    }),
  }),
  item({
    type: "NetworkInterface",
    id: "eni-web",
    at: AT,
    configuration: interfaceState("eni-web", ["sg-web"], "10.0.1.10", { attachment: null }),
  }),
  item({
    type: "NetworkInterface",
    id: "eni-db",
    at: AT,
    configuration: interfaceState("eni-db", ["sg-db"], "10.0.1.20", { attachment: null }),
  }),
  item({
    type: "VPC",
    id: "vpc-1",
    at: AT,
    configuration: { vpcId: "vpc-1", cidrBlock: "10.0.0.0/16" },
  }),
  item({
    type: "Subnet",
    id: "subnet-1",
    at: AT,
    configuration: { subnetId: "subnet-1", vpcId: "vpc-1", cidrBlock: "10.0.1.0/24" },
  }),
);

export const ACCOUNT_FORMS: readonly AccountForm[] = [
  { name: "answers of the AWS CLI", documents: CLI },
  { name: "a Terraform state", documents: [terraform(STATE, "state.json")] },
  {
    name: "a CloudFormation template with its stack",
    documents: [
      { name: "stack.yaml", text: TEMPLATE },
      json(STACK, "stack.json"),
      json(STACKS, "stacks.json"),
    ],
    cutsBlocks: true,
  },
  { name: "rules by hand", documents: [{ name: "net.yaml", text: BY_HAND }] },
  {
    name: "items of AWS Config, and the list's entries",
    documents: [json(CONFIG, "config.json"), json(ENTRIES, "list.json")],
  },
];

/** What the account sees: every kind of peer, both ends, a resolver, strangers. */
export const ACCOUNT_LOG: string = [
  "eni-web 198.51.100.7 10.0.1.10 40000 443 ACCEPT",
  "eni-web 10.0.1.10 198.51.100.7 443 40000 ACCEPT",
  "eni-web 192.0.2.9 10.0.1.10 40001 22 ACCEPT",
  "eni-web 198.51.100.7 10.0.1.10 40002 22 REJECT",
  "eni-web 10.0.1.10 10.0.1.20 40003 5432 ACCEPT",
  "eni-db 10.0.1.10 10.0.1.20 40003 5432 ACCEPT",
  "eni-db 10.0.1.20 10.0.1.10 5432 40003 ACCEPT",
  "eni-db 10.0.9.9 10.0.1.20 40004 5432 REJECT",
  "eni-db 198.51.100.8 10.0.1.20 40005 5432 REJECT",
  "eni-db 10.0.1.20 10.3.3.3 40006 443 ACCEPT",
  "eni-db 10.0.1.20 10.0.0.2 40007 53 ACCEPT",
  "eni-web 10.0.1.10 203.0.113.5 40008 80 REJECT",
]
  .map((text, i) => {
    const [eni, src, dst, from, to, action] = text.split(" ");
    const start = 1_700_000_100 + i;
    return `2 111111111111 ${eni} ${src} ${dst} ${from} ${to} 6 5 500 ${start} ${start + 60} ${action} OK`;
  })
  .join("\n");
