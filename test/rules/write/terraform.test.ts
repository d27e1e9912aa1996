import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { groupsAsTerraform, type TerraformOptions } from "../../../src/rules/index.js";
import { quoteHcl } from "../../../src/rules/write/terraform.js";
import { group, groupRule, groups, json, load, permission } from "../documents.js";
import { ruleSets } from "../rule-sets.js";

function written(ingress: object[], egress: object[] = [], options: TerraformOptions = {}): string {
  const { ruleSet } = load([groups([group("sg-a", ingress, egress)])]);
  return groupsAsTerraform(ruleSet.groups.values(), options);
}

/** What a quoted template of HCL means, read by a few lines of its own. */
function readHcl(quoted: string): string {
  expect(quoted).toMatch(/^"[^\n\r]*"$/);
  let text = "";
  const body = quoted.slice(1, -1);
  for (let at = 0; at < body.length; at++) {
    const c = body.charAt(at);
    expect(c).not.toBe('"');
    if (c === "\\") {
      const letter = body.charAt(++at);
      if (letter === "u") {
        text += String.fromCharCode(Number.parseInt(body.slice(at + 1, at + 5), 16));
        at += 4;
      } else text += { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" }[letter] ?? "?";
      continue;
    }
    if ((c === "$" || c === "%") && body.charAt(at + 1) === c && body.charAt(at + 2) === "{") {
      text += `${c}{`;
      at += 2;
      continue;
    }
    expect((c === "$" || c === "%") && body.charAt(at + 1) === "{").toBe(false);
    text += c;
  }
  return text;
}

describe("rules as Terraform", () => {
  test("one resource per rule", () => {
    const text = written(
      [
        permission({
          IpRanges: [{ CidrIp: "10.0.0.0/8", Description: "the office" }],
          Ipv6Ranges: [{ CidrIpv6: "2001:db8::/32" }],
          PrefixListIds: [{ PrefixListId: "pl-1" }],
          UserIdGroupPairs: [{ GroupId: "sg-b" }, { GroupId: "sg-c", UserId: "222222222222" }],
        }),
        { IpProtocol: "icmp", FromPort: 8, ToPort: -1, IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
      ],
      [
        { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
        { IpProtocol: "50", IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
      ],
    );
    expect(
      text,
    ).toBe(`resource "aws_vpc_security_group_ingress_rule" "sg_a_ingress_tcp_443_10_0_0_0_8" {
  security_group_id = "sg-a"
  description       = "the office"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "10.0.0.0/8"
}

resource "aws_vpc_security_group_ingress_rule" "sg_a_ingress_tcp_443_2001_db8_32" {
  security_group_id = "sg-a"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv6         = "2001:db8::/32"
}

resource "aws_vpc_security_group_ingress_rule" "sg_a_ingress_tcp_443_pl_1" {
  security_group_id = "sg-a"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  prefix_list_id    = "pl-1"
}

resource "aws_vpc_security_group_ingress_rule" "sg_a_ingress_tcp_443_sg_b" {
  security_group_id            = "sg-a"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  referenced_security_group_id = "sg-b"
}

resource "aws_vpc_security_group_ingress_rule" "sg_a_ingress_tcp_443_222222222222_sg_c" {
  security_group_id            = "sg-a"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  referenced_security_group_id = "222222222222/sg-c"
}

resource "aws_vpc_security_group_ingress_rule" "sg_a_ingress_icmp_8_all_0_0_0_0_0" {
  security_group_id = "sg-a"
  ip_protocol       = "icmp"
  from_port         = 8
  to_port           = -1
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_egress_rule" "sg_a_egress_all_all_0_0_0_0_0" {
  security_group_id = "sg-a"
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_egress_rule" "sg_a_egress_50_all_0_0_0_0_0" {
  security_group_id = "sg-a"
  ip_protocol       = "50"
  cidr_ipv4         = "0.0.0.0/0"
}
`);
  });

  test("groups as expressions, imports, stale rules as comments", () => {
    const { ruleSet } = load([
      json({
        SecurityGroupRules: [
          groupRule("sgr-1", "sg-a", { ReferencedGroupInfo: { GroupId: "sg-b" } }),
          groupRule("sgr-2", "sg-a", {
            ReferencedGroupInfo: { GroupId: "sg-gone", PeeringStatus: "deleted" },
          }),
        ],
      }),
    ]);
    const groupExpression = (id: string): string | undefined =>
      id === "sg-a" ? "aws_security_group.web.id" : undefined;
    expect(
      groupsAsTerraform(ruleSet.groups.values(), { groupExpression, imports: true }),
    ).toBe(`import {
  to = aws_vpc_security_group_ingress_rule.sg_a_ingress_tcp_443_sg_b
  id = "sgr-1"
}

resource "aws_vpc_security_group_ingress_rule" "sg_a_ingress_tcp_443_sg_b" {
  security_group_id            = aws_security_group.web.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  referenced_security_group_id = "sg-b"
}

# Left out, because it is stale: sg-a/ingress/tcp/443/sg-gone
`);
    expect(groupsAsTerraform([])).toBe("");
  });

  test("names are identifiers and unique, also of ids that differ in punctuation alone", () => {
    const { ruleSet } = load([
      groups(
        ["9.a", "9-a", "9_a"].map((id) =>
          group(id, [permission({ IpRanges: [{ CidrIp: "10.0.0.0/8" }] })]),
        ),
      ),
    ]);
    const text = groupsAsTerraform(ruleSet.groups.values());
    expect([...text.matchAll(/" "(\w+)" \{/g)].map(([, name]) => name)).toEqual([
      "rule_9_a_ingress_tcp_443_10_0_0_0_8",
      "rule_9_a_ingress_tcp_443_10_0_0_0_8_2",
      "rule_9_a_ingress_tcp_443_10_0_0_0_8_3",
    ]);
  });

  test("whatever the rules, every name stands once and every line has its form", () => {
    fc.assert(
      fc.property(ruleSets({ stale: true }), ({ groups: all }) => {
        const text = groupsAsTerraform(all.values());
        const names = [...text.matchAll(/^resource "\w+" "(\w+)" \{$/gm)].map(([, name]) => name);
        expect(new Set(names).size).toBe(names.length);
        const live = [...all.values()].flatMap(({ rules }) => rules).filter(({ stale }) => !stale);
        expect(names).toHaveLength(live.length);
        for (const line of text.split("\n"))
          expect(line).toMatch(/^(|\}|# .*|resource "\w+" "\w+" \{| {2}\w+ += (-?\d+|"[^\n]*"))$/);
      }),
      { numRuns: 100 },
    );
  });

  test("a quoted text means itself", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "$",
        "%",
        "{",
        "}",
        '"',
        "\\",
        "\n",
        "\u0000",
        "\u0085",
        "\u2028",
        "$$",
        "${",
      ),
      fc.string({ unit: "binary", maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join("");
        expect(readHcl(quoteHcl(text))).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });
});
