import type { Direction } from "../model/verdict.js";
import { type AclQuestion, aclDetail, askAcl } from "./acl.js";
import type { Connection } from "./connection.js";
import type { Flow } from "./flow.js";
import type { RuleBook } from "./rule-book.js";
import { type Ruling, ruling } from "./ruling.js";

/**
 * Puts the network ACL before what the groups say of an ingress packet, behind it for an egress one (semantics 10.3):
 * an ingress packet that the list denies reaches no group; an egress packet that the groups deny reaches no list.
 */
export function withAcl(
  groups: Ruling,
  book: RuleBook,
  interfaceId: string,
  question: AclQuestion,
): Ruling {
  if (question.direction === "egress" && groups.verdict === "deny") return groups;
  const answer = askAcl(book.snapshot, book.views.get(interfaceId), question);
  if (answer?.verdict === "deny") return ruling("acl", aclDetail(answer, question.direction));
  if (answer?.verdict === "unknown" && groups.verdict === "allow") return ruling("icmp-type");
  return groups;
}

/** The packets of a connection that travel in `direction`. */
export function packetsOf(connection: Connection, direction: Direction): AclQuestion {
  const { protocol, local, remote } = connection;
  const destinationPort = direction === "ingress" ? local.port : remote.port;
  return { direction, protocol, destinationPort, remote: remote.address };
}

/** The packet of a record that stands alone. */
export function packetOf({ direction, protocol, destination, remote }: Flow): AclQuestion {
  return { direction, protocol, destinationPort: destination.port, remote: remote.address };
}
