// The calls of a snapshot: all of them read, each gives a page at a time.
import type {
  DescribeStaleSecurityGroupsCommandInput,
  EC2Client,
  GetManagedPrefixListEntriesCommandInput,
} from "@aws-sdk/client-ec2";
import type { DocumentKind } from "../../rules/index.js";

/** The SDK's module, which is loaded when it is needed. */
export type Ec2Module = typeof import("@aws-sdk/client-ec2");

export interface Ec2Session {
  readonly module: Ec2Module;
  readonly client: EC2Client;
  readonly signal: AbortSignal;
}

/** What every call takes. */
interface PageInput {
  readonly MaxResults: number;
  readonly NextToken?: string;
}

type Ask<I> = (session: Ec2Session, input: I & PageInput) => Promise<object>;

/** One call: its name, which is that of its permission too, and the list that it answers with. */
export interface Ec2Call<I = unknown> {
  readonly action: string;
  readonly list: string;
  /** The most items of a page that EC2 allows. */
  readonly pageSize: number;
  readonly ask: Ask<I>;
}

/** The calls of `WHOLE_ANSWERS`. */
export const WHOLE_CALLS: ReadonlyMap<DocumentKind, Ec2Call> = new Map<DocumentKind, Ec2Call>([
  [
    "describe-security-groups",
    {
      action: "DescribeSecurityGroups",
      list: "SecurityGroups",
      pageSize: 1000,
      ask: ({ module, client, signal }, input) =>
        client.send(new module.DescribeSecurityGroupsCommand(input), { abortSignal: signal }),
    },
  ],
  [
    "describe-security-group-rules",
    {
      action: "DescribeSecurityGroupRules",
      list: "SecurityGroupRules",
      pageSize: 1000,
      ask: ({ module, client, signal }, input) =>
        client.send(new module.DescribeSecurityGroupRulesCommand(input), { abortSignal: signal }),
    },
  ],
  [
    "describe-network-interfaces",
    {
      action: "DescribeNetworkInterfaces",
      list: "NetworkInterfaces",
      pageSize: 1000,
      ask: ({ module, client, signal }, input) =>
        client.send(
          // Those that services of AWS manage may be hidden otherwise, and they carry groups too.
          new module.DescribeNetworkInterfacesCommand({ ...input, IncludeManagedResources: true }),
          { abortSignal: signal },
        ),
    },
  ],
  [
    "describe-managed-prefix-lists",
    {
      action: "DescribeManagedPrefixLists",
      list: "PrefixLists",
      pageSize: 100,
      ask: ({ module, client, signal }, input) =>
        client.send(new module.DescribeManagedPrefixListsCommand(input), { abortSignal: signal }),
    },
  ],
  [
    "describe-vpcs",
    {
      action: "DescribeVpcs",
      list: "Vpcs",
      pageSize: 1000,
      ask: ({ module, client, signal }, input) =>
        client.send(new module.DescribeVpcsCommand(input), { abortSignal: signal }),
    },
  ],
  [
    "describe-subnets",
    {
      action: "DescribeSubnets",
      list: "Subnets",
      pageSize: 1000,
      ask: ({ module, client, signal }, input) =>
        client.send(new module.DescribeSubnetsCommand(input), { abortSignal: signal }),
    },
  ],
  [
    "describe-vpc-peering-connections",
    {
      action: "DescribeVpcPeeringConnections",
      list: "VpcPeeringConnections",
      pageSize: 1000,
      ask: ({ module, client, signal }, input) =>
        client.send(new module.DescribeVpcPeeringConnectionsCommand(input), {
          abortSignal: signal,
        }),
    },
  ],
  [
    "describe-network-acls",
    {
      action: "DescribeNetworkAcls",
      list: "NetworkAcls",
      pageSize: 1000,
      ask: ({ module, client, signal }, input) =>
        client.send(new module.DescribeNetworkAclsCommand(input), { abortSignal: signal }),
    },
  ],
]);

/** Asked for each VPC. */
export const STALE_GROUPS: Ec2Call<Pick<DescribeStaleSecurityGroupsCommandInput, "VpcId">> = {
  action: "DescribeStaleSecurityGroups",
  list: "StaleSecurityGroupSet",
  pageSize: 255,
  ask: ({ module, client, signal }, input) =>
    client.send(new module.DescribeStaleSecurityGroupsCommand(input), { abortSignal: signal }),
};

/** Asked for each prefix list. */
export const LIST_ENTRIES: Ec2Call<Pick<GetManagedPrefixListEntriesCommandInput, "PrefixListId">> =
  {
    action: "GetManagedPrefixListEntries",
    list: "Entries",
    pageSize: 100,
    ask: ({ module, client, signal }, input) =>
      client.send(new module.GetManagedPrefixListEntriesCommand(input), { abortSignal: signal }),
  };
