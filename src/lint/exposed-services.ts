// How grave it is that a service is open to everybody.
import type { LintLevel } from "./lint-finding.js";
import {
  holds,
  holdsWholeProtocol,
  ICMP,
  ICMPV6,
  serviceInterval,
  TCP,
  type Traffic,
  UDP,
} from "./service-axis.js";

export interface Exposure {
  readonly level: LintLevel;
  /** What is exposed, as part of a sentence; empty where the ports say enough. */
  readonly what: string;
}

/** Administration and data: seldom meant for the Internet, and the first that scanners try. */
const SENSITIVE: readonly (readonly [protocol: number, port: number, name: string])[] = [
  [TCP, 21, "FTP"],
  [TCP, 22, "SSH"],
  [TCP, 23, "Telnet"],
  [TCP, 111, "portmapper"],
  [TCP, 135, "Windows RPC"],
  [TCP, 139, "NetBIOS"],
  [TCP, 389, "LDAP"],
  [TCP, 445, "SMB"],
  [TCP, 873, "rsync"],
  [TCP, 1433, "SQL Server"],
  [TCP, 1521, "Oracle"],
  [TCP, 2049, "NFS"],
  [TCP, 2181, "ZooKeeper"],
  [TCP, 2375, "Docker"],
  [TCP, 2376, "Docker"],
  [TCP, 2379, "etcd"],
  [TCP, 3306, "MySQL"],
  [TCP, 3389, "RDP"],
  [TCP, 5432, "PostgreSQL"],
  [TCP, 5439, "Redshift"],
  [TCP, 5601, "Kibana"],
  [TCP, 5900, "VNC"],
  [TCP, 5984, "CouchDB"],
  [TCP, 5985, "WinRM"],
  [TCP, 5986, "WinRM"],
  [TCP, 6379, "Redis"],
  [TCP, 6443, "the Kubernetes API"],
  [TCP, 8086, "InfluxDB"],
  [TCP, 9042, "Cassandra"],
  [TCP, 9092, "Kafka"],
  [TCP, 9200, "Elasticsearch"],
  [TCP, 9300, "Elasticsearch"],
  [TCP, 10250, "kubelet"],
  [TCP, 11211, "memcached"],
  [TCP, 27017, "MongoDB"],
  [TCP, 27018, "MongoDB"],
  [UDP, 69, "TFTP"],
  [UDP, 111, "portmapper"],
  [UDP, 137, "NetBIOS"],
  [UDP, 161, "SNMP"],
  [UDP, 389, "LDAP"],
  [UDP, 623, "IPMI"],
  [UDP, 1434, "SQL Server"],
  [UDP, 1900, "SSDP"],
  [UDP, 3389, "RDP"],
  [UDP, 11211, "memcached"],
];

/** Open by their nature: web servers, and the far ends of VPNs. */
const PUBLIC: ReadonlySet<string> = new Set(
  [
    [TCP, 80],
    [TCP, 443],
    [UDP, 443],
    [UDP, 500],
    [UDP, 4500],
    [UDP, 1194],
    [UDP, 51_820],
  ].map(([protocol, port]) => `${protocol}/${port}`),
);

/** IPsec's ESP and AH. */
const TUNNELS: ReadonlySet<number> = new Set([50, 51]);
/** ICMP types that networks need from anybody: unreachable (with fragmentation needed) and time exceeded. */
const NEEDED_ICMP: ReadonlySet<number> = new Set([3, 11]);

function pointOf(protocol: number, port: number): { from: number; to: number } {
  return serviceInterval({
    protocol,
    fromPort: port,
    toPort: port,
    icmpType: -1,
    icmpCode: -1,
  });
}

function sensitiveNames(traffic: Traffic): string[] {
  const services = serviceInterval(traffic);
  const names = SENSITIVE.filter(([protocol, port]) => holds(services, pointOf(protocol, port)));
  return [...new Set(names.map(([, , name]) => name))];
}

/** What it means that everybody may use the service; `undefined` where that is as it should be. */
export function exposureOf(traffic: Traffic): Exposure | undefined {
  const { protocol, fromPort, toPort, icmpType } = traffic;
  if (protocol === -1) return { level: "error", what: "every port of every protocol" };
  if (protocol === ICMPV6) return undefined;
  if (protocol === ICMP) return NEEDED_ICMP.has(icmpType) ? undefined : { level: "note", what: "" };
  if (protocol !== TCP && protocol !== UDP)
    return TUNNELS.has(protocol)
      ? { level: "note", what: "IPsec" }
      : { level: "warning", what: "" };
  if (holdsWholeProtocol(serviceInterval(traffic))) return { level: "error", what: "every port" };
  const names = sensitiveNames(traffic);
  if (names.length > 4)
    return {
      level: "error",
      what: `${names.slice(0, 3).join(", ")} and ${names.length - 3} more such services`,
    };
  if (names.length > 0) return { level: "error", what: names.join(", ") };
  const isPublic = fromPort === toPort && PUBLIC.has(`${protocol}/${fromPort}`);
  return { level: isPublic ? "note" : "warning", what: "" };
}
