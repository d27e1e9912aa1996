// A small rule set under edit, and how edits fail on it.
import { FlowError } from "../../../src/errors.js";
import type { RuleSet } from "../../../src/model/rule-set.js";
import { applyEdits, type EditedRules, parseEdits } from "../../../src/rules/index.js";
import {
  group,
  groupRule,
  groups,
  json,
  load,
  networkInterface,
  permission,
} from "../documents.js";

export const BASE: RuleSet = load(
  [
    groups([
      group(
        "sg-web",
        [
          permission({ IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "everybody" }] }),
          permission({ FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }),
          permission({ UserIdGroupPairs: [{ GroupId: "sg-far", UserId: "222222222222" }] }),
        ],
        [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
        { GroupName: "web" },
      ),
      group(
        "sg-db",
        [
          permission({
            FromPort: 5432,
            ToPort: 5432,
            UserIdGroupPairs: [{ GroupId: "sg-web" }, { GroupId: "sg-unseen" }],
            PrefixListIds: [{ PrefixListId: "pl-1" }],
          }),
        ],
        [],
        { GroupName: "the data base" },
      ),
      group("sg-dup1", [], [], { GroupName: "twin" }),
      group("sg-dup2", [], [], { GroupName: "twin" }),
    ]),
    json(
      { SecurityGroupRules: [groupRule("sgr-1", "sg-id", { CidrIpv4: "10.0.0.0/8" })] },
      "rules.json",
    ),
    json(
      {
        NetworkInterfaces: [
          networkInterface("eni-1", ["sg-web"]),
          networkInterface("eni-2", ["sg-db", "sg-web"]),
        ],
      },
      "interfaces.json",
    ),
    json({ PrefixListId: "pl-1", Entries: [{ Cidr: "192.0.2.0/24" }] }, "entries.json"),
    json({ PrefixLists: [{ PrefixListId: "pl-2", PrefixListName: "closed" }] }, "lists.json"),
  ],
  { attach: ["sg-dup1"] },
).ruleSet;

export function edited(text: string, base: RuleSet = BASE): EditedRules {
  return applyEdits(base, parseEdits(text, "edits.txt"));
}

/** `code at: message | hint` of the error that the edits stop with. */
export function refusal(text: string, name = "edits.txt"): string {
  try {
    applyEdits(BASE, parseEdits(text, name));
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    return `${error.code} ${error.message} | ${error.hint ?? ""}`;
  }
  return "applied";
}

export function ruleKeys(ruleSet: RuleSet, id: string): string[] {
  return ruleSet.groups.get(id)!.rules.map((rule) => rule.id);
}
