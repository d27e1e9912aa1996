// What a caller may ask of the generator, the defaults, and the refusal of anything else.
import { FlowError } from "../errors.js";
import { DEFAULT_FIELDS, FIELD_VERSIONS, V2_FIELDS } from "./field-catalogue.js";
import type { PacketEvent } from "./packet-event.js";

/** Which account is made up. The same options give the same account, whatever log is asked of it. */
export interface AccountOptions {
  readonly seed?: number;
  /** 1-10000, default 40. From four on, one is a NAT gateway's and one a network load balancer's. */
  readonly interfaces?: number;
  /** Rules of one interface, both directions and all its groups together; 4-100000, default 60. */
  readonly rulesPerInterface?: number;
  /** Most groups on one interface, 1-5, default 2. */
  readonly groupsPerInterface?: number;
  /** Share of rule peers that are IPv6, default 0.15. */
  readonly ipv6Share?: number;
}

/** Shares are of newly opened connections and together at most 1; the rest is TCP that some rule admits. */
export interface TrafficOptions {
  /** Share of UDP that some rule admits, default 0.2. */
  readonly udpShare?: number;
  /** Share of pings, default 0.02. */
  readonly icmpShare?: number;
  /** Share of probes of hosts that try many ports or many interfaces, default 0.15. */
  readonly scanShare?: number;
  /** Share of attempts that the rules of one end do not admit, default 0.05. */
  readonly rejectShare?: number;
  /** Share of answers to packets that others sent in our name (SYN-ACK, RST), default 0.005. */
  readonly backscatterShare?: number;
  /** Share of UDP between two high ports without a server, default 0.0005. */
  readonly peerToPeerShare?: number;
  /** Share of connections from a remote block that a network ACL denies in one direction, default 0.004. */
  readonly aclShare?: number;
  /** Share of other protocols (GRE, ESP), default 0.001. */
  readonly otherShare?: number;
  /** Share of IPv6 among connections that could be either, default 0.12. */
  readonly ipv6TrafficShare?: number;
  /** Share of closed TCP and idle UDP connections of which a packet comes too late, default 0.02. */
  readonly lateShare?: number;
  /** Long TCP connections alive at any time, most of them older than the log; default 200. */
  readonly liveConnections?: number;
  /** Share of windows of an interface that are lost and replaced by SKIPDATA, default 0.0005. */
  readonly skipShare?: number;
  /** At most this share of lines reports an idle interface (NODATA), default 0.002. */
  readonly nodataShare?: number;
}

/** Everything about one generated log. */
export interface GenerateOptions extends AccountOptions, TrafficOptions {
  /** Lines to write, header not counted. */
  readonly records: number;
  /** Records per second of log time. Default 1000, less where the log would then span less than half an hour. */
  readonly ratePerSecond?: number;
  /** First second of the log, Unix time; default 2026-03-02T00:00:00Z. */
  readonly start?: number;
  /** Longest aggregation interval in seconds: 60 (default) or 600. */
  readonly windowSeconds?: 60 | 600;
  /** `v2` (default), `v5` (our usual custom format), or field names in order. */
  readonly format?: "v2" | "v5" | readonly string[];
  /** Whether the first line names the fields; default true. */
  readonly header?: boolean;
  /** Most bytes of text in one chunk, at least 4096, default 1 MiB. Changes the cutting alone, never the text. */
  readonly chunkBytes?: number;
  /** Called for every packet an interface sees. For tests: costs far more than the packet. */
  readonly trace?: (packet: PacketEvent) => void;
}

/** Options with every default filled in. */
export interface FullOptions extends Required<Omit<GenerateOptions, "format" | "trace">> {
  readonly fields: readonly string[];
  readonly trace: ((packet: PacketEvent) => void) | undefined;
}

const MAX_RECORDS = 1e12;

function refuse(option: string, found: unknown, allowed: string): never {
  throw new FlowError(
    "generate-option",
    `option ${option} is ${String(found)}; allowed is ${allowed}`,
    {
      hint: `leave ${option} out to get the default`,
    },
  );
}

function integer(option: string, value: number, low: number, high: number): number {
  if (!Number.isInteger(value) || value < low || value > high)
    refuse(option, value, `an integer from ${low} to ${high}`);
  return value;
}

function share(option: string, value: number): number {
  if (!(value >= 0 && value <= 1)) refuse(option, value, "a number from 0 to 1");
  return value;
}

function resolveFields(format: "v2" | "v5" | readonly string[]): readonly string[] {
  if (format === "v2") return V2_FIELDS;
  if (format === "v5") return DEFAULT_FIELDS;
  if (typeof format === "string") refuse("format", format, "v2, v5 or a list of field names");
  if (format.length === 0) refuse("format", "empty", "at least one field name");
  for (const [index, field] of format.entries()) {
    if (!FIELD_VERSIONS.has(field))
      refuse("format", `"${field}"`, "field names of VPC flow logs, versions 2 to 11");
    if (format.indexOf(field) !== index) refuse("format", `"${field}" twice`, "each field once");
  }
  return format;
}

/** Fills in the defaults of the account part and refuses what is out of range (`generate-option`). */
export function resolveAccountOptions(options: AccountOptions): Required<AccountOptions> {
  return {
    seed: integer("seed", options.seed ?? 1, 0, 0xffffffff),
    interfaces: integer("interfaces", options.interfaces ?? 40, 1, 10_000),
    rulesPerInterface: integer("rulesPerInterface", options.rulesPerInterface ?? 60, 4, 100_000),
    groupsPerInterface: integer("groupsPerInterface", options.groupsPerInterface ?? 2, 1, 5),
    ipv6Share: share("ipv6Share", options.ipv6Share ?? 0.15),
  };
}

/** Fills in the defaults and refuses what is out of range (`generate-option`). */
export function resolveOptions(options: GenerateOptions): FullOptions {
  const records = integer("records", options.records, 0, MAX_RECORDS);
  // A short log still has to show connections that live and die: half an hour of log time at least.
  const rate = options.ratePerSecond ?? Math.min(1000, Math.max(1, records / 1800));
  if (!(rate > 0 && rate <= 1e6)) refuse("ratePerSecond", rate, "above 0 and at most 1000000");
  const windowSeconds = options.windowSeconds ?? 60;
  if (windowSeconds !== 60 && windowSeconds !== 600)
    refuse("windowSeconds", windowSeconds, "60 or 600");
  const full: FullOptions = {
    ...resolveAccountOptions(options),
    records,
    ratePerSecond: rate,
    start: integer("start", options.start ?? 1_772_409_600, 0, 4_000_000_000),
    windowSeconds,
    fields: resolveFields(options.format ?? "v2"),
    header: options.header ?? true,
    chunkBytes: integer("chunkBytes", options.chunkBytes ?? 1 << 20, 4096, 1 << 28),
    trace: options.trace,
    udpShare: share("udpShare", options.udpShare ?? 0.2),
    icmpShare: share("icmpShare", options.icmpShare ?? 0.02),
    scanShare: share("scanShare", options.scanShare ?? 0.15),
    rejectShare: share("rejectShare", options.rejectShare ?? 0.05),
    backscatterShare: share("backscatterShare", options.backscatterShare ?? 0.005),
    peerToPeerShare: share("peerToPeerShare", options.peerToPeerShare ?? 0.0005),
    aclShare: share("aclShare", options.aclShare ?? 0.004),
    otherShare: share("otherShare", options.otherShare ?? 0.001),
    ipv6TrafficShare: share("ipv6TrafficShare", options.ipv6TrafficShare ?? 0.12),
    lateShare: share("lateShare", options.lateShare ?? 0.02),
    liveConnections: integer("liveConnections", options.liveConnections ?? 200, 0, 10_000_000),
    skipShare: share("skipShare", options.skipShare ?? 0.0005),
    nodataShare: share("nodataShare", options.nodataShare ?? 0.002),
  };
  const sum =
    full.udpShare +
    full.icmpShare +
    full.scanShare +
    full.rejectShare +
    full.backscatterShare +
    full.peerToPeerShare +
    full.aclShare +
    full.otherShare;
  if (sum > 1) refuse("udpShare + icmpShare + scanShare + ...", sum, "at most 1 together");
  return full;
}
