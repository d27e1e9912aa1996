// Interfaces that AWS services make in a VPC: whose an interface is, as far as its description tells, and which services
// resources have theirs from. AWS lists these words nowhere: here are those that stand in recorded answers of EC2, or that
// several public tools and Terraform's own provider go by. What is not known here is never taken as told.
import type { NetworkInterface } from "../model/rule-set.js";

/** What `describe-network-interfaces` tells of who made an interface. */
export interface InterfaceOrigin {
  readonly type?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly requester?: string | null | undefined;
  readonly instanceId?: string | null | undefined;
}

export type ServiceOf = Pick<NetworkInterface, "service" | "serviceName">;

/** By description: the service, and the name of the thing where it stands there. */
const DESCRIPTIONS: readonly (readonly [RegExp, string])[] = [
  [/^ELB ([^\s]{1,255})$/, "elb"],
  [/^VPC Endpoint Interface (vpce-[0-9a-f]+)/, "vpc-endpoint"],
  [/^Amazon EKS ([^\s]{1,100})$/, "eks"],
  [/^ES [a-z][a-z0-9-]{2,27}$/, "es"],
  [/^AWS Lambda VPC ENI/, "lambda"],
  [/^RDSNetworkInterface$/, "rds"],
  [/^ElastiCache /, "elasticache"],
  [/^RedshiftNetworkInterface$/, "redshift"],
  [/^DMSNetworkInterface$/, "dms"],
  [/^EFS mount target for /, "efs"],
  [/^arn:aws[a-z-]*:ecs:/, "ecs"],
];

const TYPES: ReadonlyMap<string, string> = new Map([
  ["lambda", "lambda"],
  ["load_balancer", "elb"],
  ["network_load_balancer", "elb"],
  ["gateway_load_balancer", "elb"],
  ["vpc_endpoint", "vpc-endpoint"],
  ["gateway_load_balancer_endpoint", "vpc-endpoint"],
]);

const REQUESTERS: ReadonlyMap<string, string> = new Map([
  ["amazon-elb", "elb"],
  ["amazon-rds", "rds"],
  ["amazon-redshift", "redshift"],
]);

/** Whose an interface is. Instances have those that no service describes as its own. */
export function serviceOf({
  type,
  description,
  requester,
  instanceId,
}: InterfaceOrigin): ServiceOf {
  for (const [pattern, service] of DESCRIPTIONS) {
    const found = pattern.exec(description ?? "");
    if (found === null) continue;
    return { service, ...(found[1] === undefined ? {} : { serviceName: found[1] }) };
  }
  const service = TYPES.get(type ?? "") ?? REQUESTERS.get(requester ?? "");
  if (service !== undefined) return { service };
  return instanceId == null ? {} : { service: "ec2" };
}

/** How descriptions begin that end in the name of the thing. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ["elb", "ELB "],
  ["vpc-endpoint", "VPC Endpoint Interface "],
  ["eks", "Amazon EKS "],
]);

/** Descriptions without a name. */
const UNNAMED: ReadonlyMap<string, string> = new Map([
  ["lambda", "AWS Lambda VPC ENI"],
  ["rds", "RDSNetworkInterface"],
  ["elasticache", "ElastiCache "],
  ["redshift", "RedshiftNetworkInterface"],
  ["dms", "DMSNetworkInterface"],
  ["efs", "EFS mount target for "],
  ["ecs", "arn:aws:ecs:"],
  ["es", "ES domain"],
]);

/** A description that tells the service again; `undefined` where its type or instance does, or nothing. */
export function descriptionOf({ service = "", serviceName }: ServiceOf): string | undefined {
  return serviceName === undefined
    ? UNNAMED.get(service)
    : `${NAMED.get(service) ?? ""}${serviceName}`;
}

/** Types of resources, as Terraform and CloudFormation call them, by the service that makes their interfaces. */
const RESOURCES: readonly (readonly [RegExp, string])[] = [
  [/^(aws_lambda_function|AWS::Lambda::Function|AWS::Serverless::Function)$/, "lambda"],
  [/^aws_(db_instance|rds_cluster|rds_cluster_instance)$/, "rds"],
  [/^aws_(docdb|neptune)_cluster(_instance)?$/, "rds"],
  [/^AWS::(RDS|DocDB|Neptune)::DB(Instance|Cluster)$/, "rds"],
  [/^(aws_elb|AWS::ElasticLoadBalancing(V2)?::LoadBalancer)$/, "elb"],
  [/^aws_elasticache_(cluster|replication_group)$/, "elasticache"],
  [/^AWS::ElastiCache::(CacheCluster|ReplicationGroup)$/, "elasticache"],
  [/^(aws_redshift_cluster|AWS::Redshift::Cluster)$/, "redshift"],
  [/^(aws_dms_replication_instance|AWS::DMS::ReplicationInstance)$/, "dms"],
  [/^(aws_efs_mount_target|AWS::EFS::MountTarget)$/, "efs"],
  [/^(aws_vpc_endpoint|AWS::EC2::VPCEndpoint)$/, "vpc-endpoint"],
  [/^(aws_ecs_(service|task_set)|AWS::ECS::(Service|TaskSet))$/, "ecs"],
  [/^(aws_eks_cluster|AWS::EKS::Cluster)$/, "eks"],
  [/^aws_(elasticsearch|opensearch)_domain$/, "es"],
  [/^AWS::(Elasticsearch|OpenSearchService)::Domain$/, "es"],
  [/^aws_(launch_template|launch_configuration|autoscaling_group|eks_node_group)$/, "ec2"],
  [/^aws_(spot_fleet_request|spot_instance_request|ec2_fleet)$/, "ec2"],
  [/^AWS::EC2::(Instance|NetworkInterface|LaunchTemplate|SpotFleet|EC2Fleet)$/, "ec2"],
  [/^AWS::(AutoScaling::(LaunchConfiguration|AutoScalingGroup)|EKS::Nodegroup)$/, "ec2"],
];

/** The service whose interfaces a type of resource has; `undefined`: any may be. */
export function serviceOfResource(type: string): string | undefined {
  return RESOURCES.find(([pattern]) => pattern.test(type))?.[1];
}
