import * as image from "../contract.js";
import type { AclPolicy } from "./acl-policies.js";
import type { PolicyWriter } from "./policy-writer.js";

/** Writes rows and data of the ordered policies (semantics 10). */
export function writeAclPolicies(writer: PolicyWriter, policies: readonly AclPolicy[]): void {
  for (const { positions, closing } of policies) {
    const row = writer.add({
      criteria: positions,
      peers: positions.map(({ peer }) => peer),
      list: positions.map(({ name }) => name),
    });
    row.put(image.POLICY_FLAGS, image.POLICY_ORDERED);
    row.putMask(image.POLICY_DENIES, (position) => positions[position]!.denies);
    row.put(image.POLICY_CLOSING, closing);
  }
}
