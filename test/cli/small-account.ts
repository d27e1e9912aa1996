import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const GROUP = {
  SecurityGroups: [
    {
      GroupId: "sg-web",
      GroupName: "web",
      VpcId: "vpc-1",
      OwnerId: "123456789012",
      IpPermissions: [
        {
          IpProtocol: "tcp",
          FromPort: 443,
          ToPort: 443,
          IpRanges: [{ CidrIp: "0.0.0.0/0" }],
        },
      ],
      IpPermissionsEgress: [],
    },
  ],
};

const INTERFACE = {
  NetworkInterfaces: [
    {
      NetworkInterfaceId: "eni-web",
      VpcId: "vpc-1",
      SubnetId: "subnet-1",
      InterfaceType: "interface",
      PrivateIpAddress: "10.0.0.5",
      PrivateIpAddresses: [{ PrivateIpAddress: "10.0.0.5", Primary: true }],
      Groups: [{ GroupId: "sg-web", GroupName: "web" }],
      Attachment: { AttachTime: "2024-01-01T00:00:00+00:00" },
    },
  ],
};

const FIELDS =
  "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status";

function line(from: string, to: string, ports: string, action: string, start: number): string {
  return `2 123456789012 eni-web ${from} ${to} ${ports} 6 5 500 ${start} ${start + 50} ${action} OK`;
}

/** An allowed connection with its reply, a rejected probe, and a window without traffic. */
export const SMALL_LOG: string = `${[
  FIELDS,
  line("198.51.100.7", "10.0.0.5", "40000 443", "ACCEPT", 1_734_193_500),
  line("10.0.0.5", "198.51.100.7", "443 40000", "ACCEPT", 1_734_193_500),
  line("203.0.113.9", "10.0.0.5", "50000 22", "REJECT", 1_734_193_560),
  "2 123456789012 eni-web - - - - - - - 1734193620 1734193680 - NODATA",
].join("\n")}\n`;

/** Writes `account/` and `logs/small.log` into a folder. */
export async function writeSmallAccount(folder: string): Promise<void> {
  await mkdir(join(folder, "account"));
  await mkdir(join(folder, "logs"));
  await writeFile(join(folder, "account", "groups.json"), JSON.stringify(GROUP, null, 2));
  await writeFile(join(folder, "account", "interfaces.json"), JSON.stringify(INTERFACE, null, 2));
  await writeFile(join(folder, "logs", "small.log"), SMALL_LOG);
}
