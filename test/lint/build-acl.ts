import { parseCidr } from "../../src/model/address.js";
import type { AclEntry, NetworkAcl, RuleSet } from "../../src/model/rule-set.js";
import { buildRule, buildRuleSet } from "../support/rule-set-builder.js";

/** `100 ingress allow tcp 443 0.0.0.0/0`; the closing entries of both families are added. */
function buildEntry(text: string): AclEntry {
  const [number, direction, action, protocol, ports, cidr] = text.split(" ");
  const {
    id: _id,
    groupId: _group,
    peer: _peer,
    stale: _stale,
    ...rest
  } = buildRule("", `${direction} ${protocol} ${ports} ${cidr}`);
  return {
    ...rest,
    number: Number(number),
    action: action as AclEntry["action"],
    cidr: parseCidr(cidr!),
  };
}

/** A rule set that holds one network ACL, of one subnet unless said otherwise. */
export function withAcl(entries: readonly string[], rest: Partial<NetworkAcl> = {}): RuleSet {
  const last = ["ingress", "egress"].flatMap((direction) => [
    `32767 ${direction} deny all all 0.0.0.0/0`,
    `32768 ${direction} deny all all ::/0`,
  ]);
  const acl: NetworkAcl = {
    id: "acl-1",
    isDefault: false,
    subnetIds: ["subnet-1"],
    entries: [...entries, ...last].map(buildEntry),
    at: { file: "acls.json", line: 3, column: 5 },
    ...rest,
  };
  return { ...buildRuleSet({}), acls: new Map([[acl.id, acl]]) };
}
