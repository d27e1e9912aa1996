// describe-network-interfaces: which groups an interface carries, and every address that is its own.
import type { Address, Cidr } from "../model/address.js";
import type { InterfaceTimers, NetworkInterface } from "../model/rule-set.js";
import { type JsonValue, OFFSET } from "./json-reader.js";
import { copyText, type LoadContext, readAddress, readBlock, readId } from "./load-context.js";
import { INTERFACE, type InterfaceShape } from "./network-shape.js";
import { type ServiceOf, serviceOf } from "./service-interfaces.js";
import { conform } from "./shape.js";
import { below, refuse, type Spot } from "./spot.js";
import { awsTime } from "./timestamp.js";

/** One item of `NetworkInterfaces`. */
export function readInterface(
  context: LoadContext,
  value: JsonValue,
  spot: Spot,
): NetworkInterface {
  const shape = conform(INTERFACE, value, spot);
  const timers = readTimers(shape, spot);
  const attachTime = shape.Attachment?.AttachTime;
  const groupIds = shape.Groups.map((group, i) =>
    readId(context, group.GroupId, () => below(spot, "Groups", i, "GroupId")),
  );
  return {
    id: readId(context, shape.NetworkInterfaceId, () => below(spot, "NetworkInterfaceId")),
    ...optionalId(context, "vpcId", shape.VpcId, () => below(spot, "VpcId")),
    ...optionalId(context, "subnetId", shape.SubnetId, () => below(spot, "SubnetId")),
    ...optionalId(context, "type", shape.InterfaceType, () => below(spot, "InterfaceType")),
    // Order is AWS's whim; sorted, overlapping pages compare equal.
    groupIds: [...new Set(groupIds)].sort(),
    addresses: readAddresses(shape, spot),
    prefixes: readPrefixes(context, shape, spot),
    ...(attachTime == null
      ? {}
      : { attachedAt: awsTime(attachTime, below(spot, "Attachment", "AttachTime")) }),
    ...(timers === undefined ? {} : { timers }),
    ...optionalId(context, "instanceId", shape.Attachment?.InstanceId, () =>
      below(spot, "Attachment", "InstanceId"),
    ),
    ...balancerOf(shape),
    ...originOf(shape),
    at: spot.document.placeOf(shape[OFFSET]),
  };
}

function optionalId<K extends string>(
  context: LoadContext,
  key: K,
  text: string | null | undefined,
  spot: () => Spot,
): { readonly [P in K]?: string } {
  if (text == null) return {};
  return { [key]: readId(context, text, spot) } as { readonly [P in K]?: string };
}

/** AWS tells the load balancer of an interface in its description alone: `ELB app/NAME/HASH`. */
function balancerOf({ Description: text }: InterfaceShape): Pick<NetworkInterface, "balancer"> {
  const [, balancer] =
    /^ELB ((?:app|net|gwy)\/[^\s/]{1,32}\/[0-9a-f]{1,32})$/.exec(text ?? "") ?? [];
  return balancer === undefined ? {} : { balancer: copyText(balancer) };
}

function originOf(shape: InterfaceShape): ServiceOf {
  const { service, serviceName } = serviceOf({
    type: shape.InterfaceType,
    description: shape.Description,
    requester: shape.RequesterId,
    instanceId: shape.Attachment?.InstanceId,
  });
  return {
    ...(service === undefined ? {} : { service }),
    ...(serviceName === undefined ? {} : { serviceName: copyText(serviceName) }),
  };
}

/** Primary IPv4 first, then secondary, then IPv6. */
function readAddresses(shape: InterfaceShape, spot: Spot): Address[] {
  const found = new Map<string, Address>();
  const add = (text: string, family: 4 | 6, at: () => Spot): void => {
    const address = readAddress(text, family, at);
    const name = `${family}/${address.value}`;
    if (!found.has(name)) found.set(name, address);
  };
  if (shape.PrivateIpAddress != null)
    add(shape.PrivateIpAddress, 4, () => below(spot, "PrivateIpAddress"));
  const listed = [...(shape.PrivateIpAddresses ?? []).entries()];
  listed.sort(([, a], [, b]) => Number(b.Primary === true) - Number(a.Primary === true));
  for (const [i, item] of listed)
    add(item.PrivateIpAddress, 4, () => below(spot, "PrivateIpAddresses", i, "PrivateIpAddress"));
  for (const [i, item] of (shape.Ipv6Addresses ?? []).entries())
    add(item.Ipv6Address, 6, () => below(spot, "Ipv6Addresses", i, "Ipv6Address"));
  return [...found.values()];
}

function readPrefixes(context: LoadContext, shape: InterfaceShape, spot: Spot): Cidr[] {
  const found: Cidr[] = [];
  for (const [i, item] of (shape.Ipv4Prefixes ?? []).entries())
    found.push(
      readBlock(context, item.Ipv4Prefix, 4, () => below(spot, "Ipv4Prefixes", i, "Ipv4Prefix")),
    );
  for (const [i, item] of (shape.Ipv6Prefixes ?? []).entries())
    found.push(
      readBlock(context, item.Ipv6Prefix, 6, () => below(spot, "Ipv6Prefixes", i, "Ipv6Prefix")),
    );
  return found;
}

/** Idle timers the interface overrides (semantics 6.2). */
function readTimers(shape: InterfaceShape, spot: Spot): InterfaceTimers | undefined {
  const given = shape.ConnectionTrackingConfiguration;
  if (given == null) return undefined;
  const seconds = (key: keyof typeof given): number | undefined => {
    const value = given[key];
    if (value == null) return undefined;
    if (value > 0) return value;
    return refuse(
      below(spot, "ConnectionTrackingConfiguration", key),
      "timer-invalid",
      `${value} is not a number of seconds above 0`,
    );
  };
  const tcpEstablished = seconds("TcpEstablishedTimeout");
  const udp = seconds("UdpTimeout");
  const udpStream = seconds("UdpStreamTimeout");
  const timers = {
    ...(tcpEstablished === undefined ? {} : { tcpEstablished }),
    ...(udp === undefined ? {} : { udp }),
    ...(udpStream === undefined ? {} : { udpStream }),
  };
  return Object.keys(timers).length === 0 ? undefined : timers;
}
