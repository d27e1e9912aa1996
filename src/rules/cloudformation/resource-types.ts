// Types of the resources that are read.
export const GROUP = "AWS::EC2::SecurityGroup";
export const INGRESS = "AWS::EC2::SecurityGroupIngress";
export const EGRESS = "AWS::EC2::SecurityGroupEgress";
export const PREFIX_LIST = "AWS::EC2::PrefixList";
export const INTERFACE = "AWS::EC2::NetworkInterface";
export const INSTANCE = "AWS::EC2::Instance";
export const BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer";
export const VPC = "AWS::EC2::VPC";
export const VPC_BLOCK = "AWS::EC2::VPCCidrBlock";
export const SUBNET = "AWS::EC2::Subnet";
