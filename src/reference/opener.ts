import { SLACK } from "../model/timers.js";
import {
  type Connection,
  type OpenerEvidence,
  type OpenerFinding,
  otherSide,
  type SideName,
  UNKNOWN_OPENER,
} from "./connection.js";
import { type Endpoints, farEnds } from "./endpoints.js";
import { hasPorts, TCP } from "./flow.js";
import { type InterfaceTimes, isQuietStart } from "./interface-times.js";

/** Far endpoints a server must have, and how many times as many as the other side (semantics 4.3). */
const FAN_OUT = 3;
const LOW_PORT = 1024;
const FIRST_EPHEMERAL_PORT = 32_768;
const NFS_PORT = 2049;
const FTP_DATA_PORT = 20;

/** What the opener is asked of: the evidence fed so far, for records judged in `slot`. */
export interface OpenerView {
  readonly endpoints: Endpoints;
  readonly times: InterfaceTimes;
  readonly slot: number;
}

/** Who opened a connection, from the strongest evidence down (section 4, and 6.3 after expiry). */
export function findOpener(connection: Connection, view: OpenerView): OpenerFinding {
  return (
    byHandshake(connection) ??
    byRejection(connection) ??
    byRole(connection, view) ??
    byFirstStart(connection, view) ??
    byOnlyDirection(connection) ??
    afterExpiry(connection) ??
    UNKNOWN_OPENER
  );
}

/** Whether the finding holds while the connection lives (semantics 4.9). */
export function isSettled(finding: OpenerFinding): boolean {
  return (
    finding.grade === "measured" || finding.grade === "rejected" || finding.grade === "inferred"
  );
}

/** Whether measured evidence names a side (4.1); both sides named is a contradiction. */
export function handshakeNames(connection: Connection, side: SideName): boolean {
  return connection.sides[side].sentOpening || connection.sides[otherSide(side)].sentAnswer;
}

function contradiction(because: OpenerEvidence): OpenerFinding {
  return { opener: "unknown", grade: "unknown", because };
}

/** 4.1: a SYN came from the opener, its answer from the responder. */
function byHandshake(connection: Connection): OpenerFinding | undefined {
  const local = handshakeNames(connection, "local");
  const remote = handshakeNames(connection, "remote");
  if (!local && !remote) return undefined;
  if (local && remote) return contradiction("syn-contradiction");
  const opener = local ? "local" : "remote";
  const because = connection.sides[opener].sentOpening ? "syn" : "syn-answer";
  return { opener, grade: "measured", because };
}

/** 4.2: what AWS refused throughout. */
function byRejection(connection: Connection): OpenerFinding | undefined {
  const { local, remote } = connection.sides;
  const only = onlySide(connection);
  if (only !== undefined) {
    const side = connection.sides[only];
    // After expiry a lone refusal may be the late end of what was there before (6.3).
    if (side.rejected < side.records || connection.expired !== undefined) return undefined;
    return { opener: only, grade: "rejected", because: "rejected-opening" };
  }
  if (local.rejected === 0 && remote.rejected === remote.records)
    return { opener: "local", grade: "rejected", because: "rejected-replies" };
  if (remote.rejected === 0 && local.rejected === local.records)
    return { opener: "remote", grade: "rejected", because: "rejected-replies" };
  return undefined;
}

/** 4.3: who plays the server, by fan-out and by ports. */
function byRole(connection: Connection, view: OpenerView): OpenerFinding | undefined {
  if (!hasPorts(connection.protocol)) return undefined;
  const byFanOut = serverByFanOut(connection, view);
  const byPorts = serverByPorts(connection);
  const server = byFanOut ?? byPorts;
  if (server === undefined) return undefined;
  if (byFanOut !== undefined && byPorts !== undefined) {
    if (byFanOut !== byPorts) return contradiction("fan-out-against-ports");
    return { opener: otherSide(server), grade: "inferred", because: "fan-out-and-ports" };
  }
  const because = byFanOut === undefined ? "ports" : "fan-out";
  return { opener: otherSide(server), grade: "inferred", because };
}

function serverByFanOut(connection: Connection, view: OpenerView): SideName | undefined {
  const { interfaceId, protocol } = connection;
  const ends = (side: SideName): { readonly count: number; readonly marked: boolean } =>
    farEnds(view.endpoints, interfaceId, protocol, connection[side], view.slot);
  const local = ends("local");
  const remote = ends("remote");
  if (local.count >= FAN_OUT && local.count >= FAN_OUT * remote.count)
    return local.marked ? undefined : "local";
  if (remote.count >= FAN_OUT && remote.count >= FAN_OUT * local.count)
    return remote.marked ? undefined : "remote";
  return undefined;
}

function serverByPorts(connection: Connection): SideName | undefined {
  const local = connection.local.port;
  const remote = connection.remote.port;
  if (local === remote) return undefined;
  if (local === NFS_PORT && remote < LOW_PORT) return "local";
  if (remote === NFS_PORT && local < LOW_PORT) return "remote";
  if (connection.protocol === TCP) {
    if (local === FTP_DATA_PORT && remote >= LOW_PORT) return "remote";
    if (remote === FTP_DATA_PORT && local >= LOW_PORT) return "local";
  }
  if (local < LOW_PORT !== remote < LOW_PORT) return local < LOW_PORT ? "local" : "remote";
  const localEphemeral = local >= FIRST_EPHEMERAL_PORT;
  if (localEphemeral !== remote >= FIRST_EPHEMERAL_PORT) return localEphemeral ? "remote" : "local";
  return undefined;
}

/** 4.4: beyond the slack the earlier side opened, except where the log may have missed the opening. */
function byFirstStart(connection: Connection, view: OpenerView): OpenerFinding | undefined {
  if (connection.protocol === TCP) return undefined;
  const local = connection.sides.local.firstStart;
  const remote = connection.sides.remote.firstStart;
  if (!Number.isFinite(local) || !Number.isFinite(remote)) return undefined;
  if (Math.abs(local - remote) <= SLACK) return undefined;
  const { interfaceId } = connection;
  if (isQuietStart(view.times, interfaceId, local)) return undefined;
  if (isQuietStart(view.times, interfaceId, remote)) return undefined;
  return { opener: local < remote ? "local" : "remote", grade: "paired", because: "first-start" };
}

/** 4.5: a lone direction, never TCP. */
function byOnlyDirection(connection: Connection): OpenerFinding | undefined {
  const only = onlySide(connection);
  if (only === undefined || connection.protocol === TCP) return undefined;
  return { opener: only, grade: "one-way", because: "only-direction" };
}

/** 6.3: after expiry a lone direction speaks for TCP too, else the earlier opener does. */
function afterExpiry(connection: Connection): OpenerFinding | undefined {
  if (connection.expired === undefined) return undefined;
  const only = onlySide(connection);
  if (only !== undefined) return { opener: only, grade: "one-way", because: "only-direction" };
  const { opener, grade } = connection.expired.finding;
  return { opener, grade, because: "earlier-connection" };
}

/** The side all records came from; `undefined` where both spoke. */
export function onlySide(connection: Connection): SideName | undefined {
  const { local, remote } = connection.sides;
  if (remote.records === 0) return "local";
  return local.records === 0 ? "remote" : undefined;
}
