import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadRuleSet } from "../../src/rules/index.js";
import { ROOT } from "../support/packed.js";
import { type Answer, type AskedCall, type Ec2Server, withEc2Server } from "./ec2-server.js";
import { inFolder, type Outcome, runCli } from "./run-cli.js";
import { SMALL_LOG } from "./small-account.js";

/** A group with every kind of peer; `name` of the answer's list item. */
const WEB = `<item>
  <ownerId>123456789012</ownerId><groupId>sg-0aaaaaaaaaaaaaaa1</groupId><groupName>web</groupName>
  <groupDescription>front &amp; back</groupDescription><vpcId>vpc-0aaaaaaaaaaaaaaa1</vpcId>
  <securityGroupArn>arn:aws:ec2:eu-west-1:123456789012:security-group/sg-0aaaaaaaaaaaaaaa1</securityGroupArn>
  <ipPermissions>
    <item><ipProtocol>tcp</ipProtocol><fromPort>443</fromPort><toPort>443</toPort><groups/>
      <ipRanges><item><cidrIp>0.0.0.0/0</cidrIp><description>all</description></item></ipRanges>
      <ipv6Ranges><item><cidrIpv6>::/0</cidrIpv6></item></ipv6Ranges>
      <prefixListIds/></item>
    <item><ipProtocol>tcp</ipProtocol><fromPort>22</fromPort><toPort>22</toPort>
      <groups><item><userId>123456789012</userId><groupId>sg-0aaaaaaaaaaaaaaa2</groupId></item></groups>
      <ipRanges/><ipv6Ranges/><prefixListIds><item><prefixListId>pl-0aaaaaaaaaaaaaaa1</prefixListId></item></prefixListIds></item>
  </ipPermissions>
  <ipPermissionsEgress/>
  <tagSet><item><key>Name</key><value>web</value></item></tagSet></item>`;

const OFFICE = `<item><ownerId>123456789012</ownerId><groupId>sg-0aaaaaaaaaaaaaaa2</groupId><groupName>office</groupName>
  <groupDescription>office</groupDescription><vpcId>vpc-0aaaaaaaaaaaaaaa1</vpcId><ipPermissions/>
  <ipPermissionsEgress><item><ipProtocol>-1</ipProtocol><groups/><ipRanges><item><cidrIp>0.0.0.0/0</cidrIp></item></ipRanges><ipv6Ranges/><prefixListIds/></item></ipPermissionsEgress></item>`;

const RULES = `<securityGroupRuleSet>
  <item><securityGroupRuleId>sgr-01</securityGroupRuleId><groupId>sg-0aaaaaaaaaaaaaaa1</groupId><groupOwnerId>123456789012</groupOwnerId><isEgress>false</isEgress><ipProtocol>tcp</ipProtocol><fromPort>443</fromPort><toPort>443</toPort><cidrIpv4>0.0.0.0/0</cidrIpv4><description>all</description></item>
  <item><securityGroupRuleId>sgr-02</securityGroupRuleId><groupId>sg-0aaaaaaaaaaaaaaa1</groupId><groupOwnerId>123456789012</groupOwnerId><isEgress>false</isEgress><ipProtocol>tcp</ipProtocol><fromPort>443</fromPort><toPort>443</toPort><cidrIpv6>::/0</cidrIpv6></item>
  <item><securityGroupRuleId>sgr-03</securityGroupRuleId><groupId>sg-0aaaaaaaaaaaaaaa1</groupId><groupOwnerId>123456789012</groupOwnerId><isEgress>false</isEgress><ipProtocol>tcp</ipProtocol><fromPort>22</fromPort><toPort>22</toPort><referencedGroupInfo><groupId>sg-0aaaaaaaaaaaaaaa2</groupId><userId>123456789012</userId></referencedGroupInfo></item>
  <item><securityGroupRuleId>sgr-04</securityGroupRuleId><groupId>sg-0aaaaaaaaaaaaaaa1</groupId><groupOwnerId>123456789012</groupOwnerId><isEgress>false</isEgress><ipProtocol>tcp</ipProtocol><fromPort>22</fromPort><toPort>22</toPort><prefixListId>pl-0aaaaaaaaaaaaaaa1</prefixListId></item>
  <item><securityGroupRuleId>sgr-05</securityGroupRuleId><groupId>sg-0aaaaaaaaaaaaaaa2</groupId><groupOwnerId>123456789012</groupOwnerId><isEgress>true</isEgress><ipProtocol>-1</ipProtocol><fromPort>-1</fromPort><toPort>-1</toPort><cidrIpv4>0.0.0.0/0</cidrIpv4></item>
</securityGroupRuleSet>`;

const INTERFACES = `<networkInterfaceSet><item>
  <networkInterfaceId>eni-web</networkInterfaceId><subnetId>subnet-1</subnetId><vpcId>vpc-0aaaaaaaaaaaaaaa1</vpcId>
  <description/><ownerId>123456789012</ownerId><requesterManaged>false</requesterManaged><status>in-use</status>
  <interfaceType>interface</interfaceType><privateIpAddress>10.0.0.5</privateIpAddress>
  <groupSet><item><groupId>sg-0aaaaaaaaaaaaaaa1</groupId><groupName>web</groupName></item></groupSet>
  <attachment><attachmentId>eni-attach-1</attachmentId><instanceId>i-1</instanceId><deviceIndex>0</deviceIndex><status>attached</status><attachTime>2024-01-01T00:00:00.000Z</attachTime><deleteOnTermination>true</deleteOnTermination></attachment>
  <privateIpAddressesSet><item><privateIpAddress>10.0.0.5</privateIpAddress><primary>true</primary></item></privateIpAddressesSet>
  <ipv6AddressesSet/><tagSet/></item></networkInterfaceSet>`;

/** What the account answers; the groups come in two pages. */
const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  DescribeSecurityGroups: [
    `<securityGroupInfo>${WEB}</securityGroupInfo>`,
    `<securityGroupInfo>${OFFICE}</securityGroupInfo>`,
  ],
  DescribeSecurityGroupRules: [RULES],
  DescribeNetworkInterfaces: [INTERFACES],
  DescribeManagedPrefixLists: [
    `<prefixListSet><item><prefixListId>pl-0aaaaaaaaaaaaaaa1</prefixListId><addressFamily>IPv4</addressFamily><state>create-complete</state><prefixListArn>arn:aws:ec2:eu-west-1:123456789012:prefix-list/pl-0aaaaaaaaaaaaaaa1</prefixListArn><prefixListName>office</prefixListName><maxEntries>5</maxEntries><version>1</version><ownerId>123456789012</ownerId></item></prefixListSet>`,
  ],
  DescribeVpcs: [
    `<vpcSet><item><vpcId>vpc-0aaaaaaaaaaaaaaa1</vpcId><state>available</state><cidrBlock>10.0.0.0/16</cidrBlock><cidrBlockAssociationSet><item><associationId>vpc-cidr-assoc-1</associationId><cidrBlock>10.0.0.0/16</cidrBlock><cidrBlockState><state>associated</state></cidrBlockState></item></cidrBlockAssociationSet><isDefault>false</isDefault></item></vpcSet>`,
  ],
  DescribeSubnets: [
    `<subnetSet><item><subnetId>subnet-1</subnetId><vpcId>vpc-0aaaaaaaaaaaaaaa1</vpcId><cidrBlock>10.0.0.0/24</cidrBlock></item></subnetSet>`,
  ],
  DescribeVpcPeeringConnections: ["<vpcPeeringConnectionSet/>"],
  DescribeNetworkAcls: [
    `<networkAclSet><item><networkAclId>acl-1</networkAclId><vpcId>vpc-0aaaaaaaaaaaaaaa1</vpcId><default>true</default><entrySet><item><ruleNumber>100</ruleNumber><protocol>-1</protocol><ruleAction>allow</ruleAction><egress>false</egress><cidrBlock>0.0.0.0/0</cidrBlock></item><item><ruleNumber>100</ruleNumber><protocol>-1</protocol><ruleAction>allow</ruleAction><egress>true</egress><cidrBlock>0.0.0.0/0</cidrBlock></item></entrySet><associationSet><item><networkAclAssociationId>aclassoc-1</networkAclAssociationId><networkAclId>acl-1</networkAclId><subnetId>subnet-1</subnetId></item></associationSet></item></networkAclSet>`,
  ],
  DescribeStaleSecurityGroups: ["<staleSecurityGroupSet/>"],
  GetManagedPrefixListEntries: [
    "<entrySet><item><cidr>192.0.2.0/24</cidr><description>first</description></item></entrySet>",
    "<entrySet><item><cidr>198.51.100.0/24</cidr></item></entrySet>",
  ],
};

const ACCOUNT: Answer = ({ action }) => ANSWERS[action] ?? [];

/** As `aws ec2 describe-security-groups --output json` prints the same answer. */
const PRINTED_GROUPS = {
  SecurityGroups: [
    {
      OwnerId: "123456789012",
      GroupId: "sg-0aaaaaaaaaaaaaaa1",
      GroupName: "web",
      Description: "front & back",
      VpcId: "vpc-0aaaaaaaaaaaaaaa1",
      SecurityGroupArn: "arn:aws:ec2:eu-west-1:123456789012:security-group/sg-0aaaaaaaaaaaaaaa1",
      IpPermissions: [
        {
          IpProtocol: "tcp",
          FromPort: 443,
          ToPort: 443,
          UserIdGroupPairs: [],
          IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "all" }],
          Ipv6Ranges: [{ CidrIpv6: "::/0" }],
          PrefixListIds: [],
        },
        {
          IpProtocol: "tcp",
          FromPort: 22,
          ToPort: 22,
          UserIdGroupPairs: [{ UserId: "123456789012", GroupId: "sg-0aaaaaaaaaaaaaaa2" }],
          IpRanges: [],
          Ipv6Ranges: [],
          PrefixListIds: [{ PrefixListId: "pl-0aaaaaaaaaaaaaaa1" }],
        },
      ],
      IpPermissionsEgress: [],
      Tags: [{ Key: "Name", Value: "web" }],
    },
    {
      OwnerId: "123456789012",
      GroupId: "sg-0aaaaaaaaaaaaaaa2",
      GroupName: "office",
      Description: "office",
      VpcId: "vpc-0aaaaaaaaaaaaaaa1",
      IpPermissions: [],
      IpPermissionsEgress: [
        {
          IpProtocol: "-1",
          UserIdGroupPairs: [],
          IpRanges: [{ CidrIp: "0.0.0.0/0" }],
          Ipv6Ranges: [],
          PrefixListIds: [],
        },
      ],
    },
  ],
};

function snapshot(
  { url }: Pick<Ec2Server, "url">,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return runCli(["snapshot", "-o", "taken"], {
    cwd: folder,
    env: {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "example",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_CONFIG_FILE: join(folder, "none"),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, "none"),
      AWS_MAX_ATTEMPTS: "1",
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      ...env,
    },
  });
}

async function json(...path: string[]): Promise<unknown> {
  return JSON.parse(await readFile(join(...path), "utf8"));
}

describe("snapshot", () => {
  it("keeps every answer as the CLI prints it, whole where it came in pages", async () => {
    await inFolder(async (folder) => {
      const calls = await withEc2Server(ACCOUNT, async (server) => {
        const outcome = await snapshot(server, folder);
        expect(outcome).toMatchObject({ code: 0, stdout: "" });
        expect(outcome.stderr).toBe("14 things of eu-west-1 by 10 commands in taken\n");
        return server.calls;
      });
      expect((await readdir(folder)).sort()).toEqual(["taken"]);
      expect((await readdir(join(folder, "taken"))).sort()).toEqual([
        "managed-prefix-lists.json",
        "network-acls.json",
        "network-interfaces.json",
        "pl-0aaaaaaaaaaaaaaa1.json",
        "security-group-rules.json",
        "security-groups.json",
        "snapshot.json",
        "stale-security-groups-vpc-0aaaaaaaaaaaaaaa1.json",
        "subnets.json",
        "vpc-peering-connections.json",
        "vpcs.json",
      ]);
      expect(await json(folder, "taken", "security-groups.json")).toEqual(PRINTED_GROUPS);
      expect(await json(folder, "taken", "pl-0aaaaaaaaaaaaaaa1.json")).toEqual({
        Entries: [{ Cidr: "192.0.2.0/24", Description: "first" }, { Cidr: "198.51.100.0/24" }],
      });
      expect(await json(folder, "taken", "vpc-peering-connections.json")).toEqual({
        VpcPeeringConnections: [],
      });
      const interfaces = await readFile(join(folder, "taken", "network-interfaces.json"), "utf8");
      expect(interfaces).toContain(`\n                "AttachTime": "2024-01-01T00:00:00+00:00",`);
      expect(calls.map(pageOf)).toEqual([
        "DescribeSecurityGroups 1000",
        "DescribeSecurityGroups 1000 page-1",
        "DescribeSecurityGroupRules 1000",
        "DescribeNetworkInterfaces 1000 managed too",
        "DescribeManagedPrefixLists 100",
        "DescribeVpcs 1000",
        "DescribeSubnets 1000",
        "DescribeVpcPeeringConnections 1000",
        "DescribeNetworkAcls 1000",
        "DescribeStaleSecurityGroups 255",
        "GetManagedPrefixListEntries 100",
        "GetManagedPrefixListEntries 100 page-1",
      ]);
    });
  });

  it("is a folder that logs are judged by, and doctor misses nothing in it", async () => {
    await inFolder(async (folder) => {
      await withEc2Server(ACCOUNT, (server) => snapshot(server, folder));
      await writeFile(join(folder, "small.log"), SMALL_LOG);
      const judged = await runCli(
        ["evaluate", "small.log", "--rules", "taken", "--format", "json"],
        { cwd: folder },
      );
      expect(judged.code).toBe(0);
      const { verdicts, coverage } = JSON.parse(judged.stdout);
      expect(verdicts).toMatchObject({ allow: 2, deny: 1 });
      expect(coverage.snapshotTakenAt).toBeGreaterThan(1_700_000_000);
      const doctor = await runCli(["doctor", "--rules", "taken", "--format", "json"], {
        cwd: folder,
      });
      expect(doctor.code).toBe(0);
      expect(doctor.stdout).not.toContain('"needed": true');
    });
  });

  it("gives rules the ids that the account has for them", async () => {
    await inFolder(async (folder) => {
      await withEc2Server(ACCOUNT, (server) => snapshot(server, folder));
      const names = await readdir(join(folder, "taken"));
      const documents = await Promise.all(
        names.map(async (name) => ({
          name,
          text: await readFile(join(folder, "taken", name), "utf8"),
        })),
      );
      const { ruleSet, warnings } = loadRuleSet(documents);
      expect(warnings).toEqual([]);
      const ids = [...ruleSet.groups.values()].flatMap(({ rules }) => rules.map(({ id }) => id));
      expect(ids.sort()).toEqual(["sgr-01", "sgr-02", "sgr-03", "sgr-04", "sgr-05"]);
      expect(ruleSet.prefixLists.get("pl-0aaaaaaaaaaaaaaa1")?.cidrs).toHaveLength(2);
    });
  });

  it("names all permissions that lack, and writes nothing", async () => {
    const closed = ["DescribeNetworkAcls", "DescribeStaleSecurityGroups"];
    const answer: Answer = (call) =>
      closed.includes(call.action)
        ? {
            status: 403,
            code: "UnauthorizedOperation",
            message: "You are not authorized to perform this operation.",
          }
        : ACCOUNT(call);
    await inFolder(async (folder) => {
      const outcome = await withEc2Server(answer, (server) => snapshot(server, folder));
      expect(outcome.code).toBe(2);
      expect(outcome.stderr).toContain(
        "does not allow ec2:DescribeNetworkAcls, ec2:DescribeStaleSecurityGroups: You are not authorized",
      );
      expect(outcome.stderr).toContain("docs/GUIDE.md");
      expect(await readdir(folder)).toEqual([]);
    });
  });

  it.each([
    ["RequestExpired", "sign in"],
    ["AuthFailure", "check AWS_PROFILE"],
    ["RequestLimitExceeded", "AWS_MAX_ATTEMPTS"],
    ["InternalError", "AWS CLI"],
  ])("says what to do about %s", async (code, hint) => {
    const answer: Answer = () => ({ status: 400, code, message: "so it is" });
    await inFolder(async (folder) => {
      const outcome = await withEc2Server(answer, (server) => snapshot(server, folder));
      expect(outcome.code).toBe(2);
      expect(outcome.stderr).toContain(`aws ec2 describe-security-groups: ${code}: so it is`);
      expect(outcome.stderr).toContain(hint);
      expect(existsSync(join(folder, "taken"))).toBe(false);
    });
  });

  it("says what to do without a region, without keys and without a network", async () => {
    await inFolder(async (folder) => {
      const nowhere = { url: "http://127.0.0.1:9" };
      const noRegion = await snapshot(nowhere, folder, { AWS_REGION: "" });
      expect(noRegion).toMatchObject({ code: 2 });
      expect(noRegion.stderr).toContain("AWS_REGION");
      const noKeys = await snapshot(nowhere, folder, {
        AWS_ACCESS_KEY_ID: "",
        AWS_SECRET_ACCESS_KEY: "",
      });
      expect(noKeys).toMatchObject({ code: 2 });
      expect(noKeys.stderr).toContain("AWS_PROFILE");
      const noNetwork = await snapshot(nowhere, folder);
      expect(noNetwork).toMatchObject({ code: 2 });
      expect(noNetwork.stderr).toContain("cannot be reached");
    });
  });

  it("does not end in circles where a page follows itself", async () => {
    const answer: Answer = () => ["<securityGroupInfo/><nextToken>page-0</nextToken>"];
    await inFolder(async (folder) => {
      const outcome = await withEc2Server(answer, (server) => snapshot(server, folder));
      expect(outcome.code).toBe(2);
      expect(outcome.stderr).toContain("the same page again");
    });
  });

  it("fills no folder that holds something, and no place that is not there", async () => {
    await inFolder(async (folder) => {
      await mkdir(join(folder, "taken"));
      await writeFile(join(folder, "taken", "old.json"), "{}");
      const filled = await snapshot({ url: "http://127.0.0.1:9" }, folder);
      expect(filled.code).toBe(2);
      expect(filled.stderr).toContain("not empty");
      const nowhere = await runCli(["snapshot", "-o", "no/such/place"], {
        cwd: folder,
        env: { AWS_REGION: "eu-west-1" },
      });
      expect(nowhere.code).toBe(2);
      expect(nowhere.stderr).toContain("cannot be written");
    });
  });

  it("fills an empty folder", async () => {
    await inFolder(async (folder) => {
      await mkdir(join(folder, "taken"));
      const outcome = await withEc2Server(ACCOUNT, (server) => snapshot(server, folder));
      expect(outcome.code).toBe(0);
      expect(await readdir(join(folder, "taken"))).toHaveLength(11);
    });
  });

  it("needs the permissions that the guide lists, and no other", async () => {
    const guide = await readFile(join(ROOT, "docs", "GUIDE.md"), "utf8");
    const listed = [...guide.matchAll(/"ec2:(\w+)"/g)].map(([, action]) => action!);
    await inFolder(async (folder) => {
      const calls = await withEc2Server(ACCOUNT, async (server) => {
        await snapshot(server, folder);
        return server.calls;
      });
      expect(listed.sort()).toEqual([...new Set(calls.map(({ action }) => action))].sort());
    });
  });
});

function pageOf({ action, arguments: given }: AskedCall): string {
  const managed = given.get("IncludeManagedResources") === "true" ? "managed too" : "";
  return [action, given.get("MaxResults"), given.get("NextToken"), managed]
    .filter(Boolean)
    .join(" ");
}
