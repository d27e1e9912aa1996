// The catalogue of flow-log fields, in the order of AWS's table (aws facts 1.1), the default format first.

/** Type of a field's Parquet column; text logs hold every field as a string. */
export type FieldType = "text" | "int32" | "int64";

/** One flow-log field as AWS names it. */
export interface Field {
  /** Name in format strings and header lines, hyphenated. */
  readonly name: string;
  /** Name of the Parquet column, with underscores. */
  readonly column: string;
  /** Record version that brought the field. */
  readonly version: number;
  readonly type: FieldType;
}

function fieldsOf(version: number, list: string): Field[] {
  return list
    .trim()
    .split(/\s+/)
    .map((entry) => {
      const [name = "", type = "text"] = entry.split(":");
      return { name, column: name.replaceAll("-", "_"), version, type: type as FieldType };
    });
}

// Versions 6 (transit gateway logs only) and above 11 have no field of a VPC flow log.
/** Every field of VPC flow logs, versions 2 to 11. */
export const FIELDS: readonly Field[] = [
  ...fieldsOf(
    2,
    `version:int32 account-id interface-id srcaddr dstaddr srcport:int32 dstport:int32 protocol:int32
     packets:int64 bytes:int64 start:int64 end:int64 action log-status`,
  ),
  ...fieldsOf(3, "vpc-id subnet-id instance-id tcp-flags:int32 type pkt-srcaddr pkt-dstaddr"),
  ...fieldsOf(4, "region az-id sublocation-type sublocation-id"),
  ...fieldsOf(5, "pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path:int32"),
  ...fieldsOf(
    7,
    `ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn ecs-container-instance-id ecs-container-id
     ecs-second-container-id ecs-service-name ecs-task-definition-arn ecs-task-arn ecs-task-id`,
  ),
  ...fieldsOf(8, "reject-reason"),
  ...fieldsOf(9, "resource-id"),
  ...fieldsOf(10, "encryption-status:int32"),
  ...fieldsOf(
    11,
    `instance-tag instance-tag-2 interface-tag interface-tag-2 asg-tag asg-tag-2 interface-type
     next-hop-interface-id next-hop-subnet-id next-hop-az-id next-hop-vpc-id next-hop-interface-type`,
  ),
];

/** The default format: the fields of version 2, in AWS's fixed order. */
export const V2_FIELDS: readonly string[] = FIELDS.filter((field) => field.version === 2).map(
  (field) => field.name,
);

// Spellings in use outside the catalogue, without hyphens and in lower case: CloudWatch Logs Insights writes
// interfaceId, logStatus, startTime, endTime; the table that AWS's guide made for Athena has names of its own.
const OTHER_SPELLINGS: readonly (readonly [string, string])[] = [
  ["account", "account-id"],
  ["sourceaddress", "srcaddr"],
  ["destinationaddress", "dstaddr"],
  ["sourceport", "srcport"],
  ["destinationport", "dstport"],
  ["numpackets", "packets"],
  ["numbytes", "bytes"],
  ["starttime", "start"],
  ["endtime", "end"],
];

const BY_KEY: ReadonlyMap<string, Field> = (() => {
  const byKey = new Map(FIELDS.map((field) => [field.name.replaceAll("-", ""), field]));
  for (const [spelling, name] of OTHER_SPELLINGS) {
    const field = byKey.get(name.replaceAll("-", ""));
    if (field !== undefined) byKey.set(spelling, field);
  }
  return byKey;
})();

/** The field of a name with hyphens, underscores or camel case, in any case; `undefined` = not in the catalogue. */
export function fieldByName(name: string): Field | undefined {
  // The longest name has 26 characters: a longer token is data and not worth folding.
  if (name.length > 32) return undefined;
  return BY_KEY.get(name.toLowerCase().replace(/[-_]/g, ""));
}
