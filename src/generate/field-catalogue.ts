// Field names of VPC flow logs and the version that brought them (AWS guide, flow-log records).

function versions(version: number, names: string): [string, number][] {
  return names.split(" ").map((name) => [name, version]);
}

/** Every field name, with its version. The `version` column shows the highest among the chosen fields. */
export const FIELD_VERSIONS: ReadonlyMap<string, number> = new Map([
  ...versions(
    2,
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status",
  ),
  ...versions(3, "vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr"),
  ...versions(4, "region az-id sublocation-type sublocation-id"),
  ...versions(5, "pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path"),
  ...versions(
    7,
    "ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn ecs-container-instance-id ecs-container-id ecs-second-container-id ecs-service-name ecs-task-definition-arn ecs-task-arn ecs-task-id",
  ),
  ...versions(8, "reject-reason"),
  ...versions(9, "resource-id"),
  ...versions(10, "encryption-status"),
  ...versions(
    11,
    "instance-tag instance-tag-2 interface-tag interface-tag-2 asg-tag asg-tag-2 interface-type next-hop-interface-id next-hop-subnet-id next-hop-az-id next-hop-vpc-id next-hop-interface-type",
  ),
]);

/** The default format of AWS, in its fixed order. */
export const V2_FIELDS: readonly string[] = [...FIELD_VERSIONS.keys()].slice(0, 14);

/** A usual custom format: shuffled once, so that nobody reads it by position. */
export const DEFAULT_FIELDS: readonly string[] = (
  "version vpc-id subnet-id instance-id interface-id account-id type srcaddr srcport dstaddr dstport " +
  "pkt-srcaddr pkt-dstaddr protocol bytes packets start end action tcp-flags log-status flow-direction " +
  "traffic-path region az-id sublocation-type sublocation-id pkt-src-aws-service pkt-dst-aws-service reject-reason"
).split(" ");

/** What the `version` column reads for these fields. */
export function formatVersion(fields: readonly string[]): number {
  return Math.max(...fields.map((field) => FIELD_VERSIONS.get(field) ?? 2));
}
