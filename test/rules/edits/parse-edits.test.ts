import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FlowError } from "../../../src/errors.js";
import { formatEdit, parseEdits } from "../../../src/rules/index.js";
import { refusal } from "./edit-documents.js";

/** The canonical lines of what was read. */
function lines(text: string, name = "edits.txt"): string[] {
  return parseEdits(text, name).map(formatEdit);
}

const PERMISSIONS = [
  {
    IpProtocol: "tcp",
    FromPort: 22,
    ToPort: 22,
    IpRanges: [{ CidrIp: "10.0.0.0/8", Description: "it's us" }],
    Ipv6Ranges: [{ CidrIpv6: "::/0" }],
    UserIdGroupPairs: [{ GroupId: "sg-2", UserId: "222222222222" }],
  },
];
const QUOTED = JSON.stringify(PERMISSIONS).replaceAll("'", "'\\''");
const AUTHORIZED = [
  `authorize sg-1 ingress tcp 22 10.0.0.0/8 description "it's us"`,
  "authorize sg-1 ingress tcp 22 ::/0",
  "authorize sg-1 ingress tcp 22 222222222222/sg-2",
];

describe("own lines", () => {
  test.each([
    ["revoke sg-1 ingress tcp 22 0.0.0.0/0"],
    ["authorize sg-1 ingress tcp 5432 sg-2"],
    ["authorize sg-1 egress udp 8000-8100 2001:db8::/32"],
    ["authorize sg-1 egress tcp all 111111111111/sg-2"],
    ["authorize sg-1 ingress icmp 8/0 pl-1"],
    ["authorize sg-1 ingress icmp 3/all 10.0.0.0/8"],
    ["authorize sg-1 ingress icmpv6 all ::/0"],
    ["authorize sg-1 ingress 50 all 10.0.0.0/8"],
    ["authorize sg-1 egress all all 0.0.0.0/0"],
    ['authorize sg-1 ingress tcp 22 10.0.0.0/8 description "say \\"hi\\" # not a comment"'],
    ['authorize "the group" ingress tcp 22 "other group"'],
    ["revoke sg-1 ingress sgr-0123"],
    ["attach eni-1 sg-2"],
    ["detach eni-1 sg-2"],
    ["delete sg-1"],
    ["add-entry pl-1 10.0.0.0/8"],
    ["remove-entry pl-1 2001:db8::/32"],
  ])("%s is canonical", (line) => {
    expect(lines(line)).toEqual([line]);
  });

  test.each([
    ["authorize sg-1 egress -1 0.0.0.0/0", "authorize sg-1 egress all all 0.0.0.0/0"],
    ["authorize sg-1 egress 50 0.0.0.0/0", "authorize sg-1 egress 50 all 0.0.0.0/0"],
    ["authorize sg-1 egress 6 22 10.0.0.0/8", "authorize sg-1 egress tcp 22 10.0.0.0/8"],
    ["authorize sg-1 egress TCP 0-65535 ::/0", "authorize sg-1 egress tcp all ::/0"],
    ["authorize sg-1 egress tcp 7-7 ::0/0", "authorize sg-1 egress tcp 7 ::/0"],
    ["authorize sg-1 ingress icmp 8 ::/0", "authorize sg-1 ingress icmp 8/all ::/0"],
    ["authorize sg-1 ingress icmp 8:0 ::/0", "authorize sg-1 ingress icmp 8/0 ::/0"],
    ["delete 'the group'", 'delete "the group"'],
    ["delete the\\ group", 'delete "the group"'],
    ["authorize sg-1 ingress tcp 1 web/prod", "authorize sg-1 ingress tcp 1 web/prod"],
  ])("%s is read as %s", (line, canonical) => {
    expect(lines(line)).toEqual([canonical]);
  });

  test("comments, blank lines, continued lines, CR LF and a byte order mark", () => {
    const text = [
      "\ufeff# all of this is a comment",
      "",
      "  delete sg-1 # and this",
      "\tdelete sg#1",
      "attach eni-1 \\",
      "  sg-2",
      "delete 'a",
      "b'",
      "delete sg-9",
    ].join("\r\n");
    expect(parseEdits(text, "e").map((edit) => [formatEdit(edit), edit.at.line])).toEqual([
      ["delete sg-1", 3],
      ['delete "sg#1"', 4],
      ["attach eni-1 sg-2", 5],
      ['delete "a\r\nb"', 7],
      ["delete sg-9", 9],
    ]);
    expect(parseEdits("", "e")).toEqual([]);
    expect(parseEdits("# nothing", "e")).toEqual([]);
  });

  test.each<[string, string]>([
    [
      "remove sg-1",
      'edit-verb-unknown edits.txt:1:1: "remove" is no verb of an edit | allowed: authorize, revoke, attach',
    ],
    ["toString sg-1", "edit-verb-unknown"],
    [
      "authorize",
      "edit-words edits.txt:1:1: authorize needs 5 words, found 0 | write authorize GROUP",
    ],
    ["authorize sg-1 ingress tcp 22", "edit-words"],
    ["authorize sg-1 ingress icmp 0.0.0.0/0", "edit-words"],
    ["authorize sg-1 in tcp 22 ::/0", 'edit-direction edits.txt:1:16: "in" is no direction'],
    ['authorize sg-1 "" tcp 22 ::/0', "edit-words"],
    ["authorize sg-1 ingress tpc 22 ::/0", "protocol-unknown edits.txt:1:24"],
    ["authorize sg-1 ingress 256 all ::/0", "protocol-unknown"],
    ["authorize sg-1 ingress tcp 65536 ::/0", "ports-invalid edits.txt:1:28"],
    ["authorize sg-1 ingress tcp 022 ::/0", "ports-invalid"],
    ["authorize sg-1 ingress tcp -1 ::/0", "ports-invalid"],
    ["authorize sg-1 ingress tcp 22- ::/0", "ports-invalid"],
    ["authorize sg-1 ingress tcp 80,443 ::/0", "ports-invalid"],
    ["authorize sg-1 ingress tcp 443-80 ::/0", "ports-reversed"],
    ["authorize sg-1 ingress icmp 256 ::/0", "ports-invalid"],
    ["authorize sg-1 ingress icmp 8-0 ::/0", "ports-invalid"],
    ["authorize sg-1 ingress icmp all/0 ::/0", "ports-invalid"],
    [
      "authorize sg-1 ingress tcp 22 10.0.0.1/8",
      'cidr-invalid edits.txt:1:31: "10.0.0.1/8" has bits set',
    ],
    ["authorize sg-1 ingress tcp 22 10.0.0.1", "| write 10.0.0.1/32 for this address alone"],
    ["authorize sg-1 ingress tcp 22 ::1", "| write ::1/128 for this address alone"],
    ["authorize sg-1 ingress tcp 22 300.0.0.0/8", "cidr-invalid"],
    ['authorize sg-1 ingress tcp 22 ""', "edit-peer"],
    ["authorize sg-1 ingress tcp 22 ::/0 because", "edit-words edits.txt:1:36"],
    ["authorize sg-1 ingress tcp 22 ::/0 description", "edit-words"],
    ["authorize sg-1 ingress tcp 22 ::/0 description two words", "edit-words edits.txt:1:52"],
    ["revoke sg-1 ingress tcp 22 ::/0 description x", "edit-words"],
    ["attach eni-1", "edit-words"],
    ["attach eni-1 sg-1 sg-2", "edit-words"],
    ["delete", "edit-words edits.txt:1:1: delete needs 1 words, found 0"],
    ["delete ''", "edit-words"],
    ["add-entry pl-1 10.0.0.1", "cidr-invalid edits.txt:1:16"],
    ["delete 'sg-1", "edit-quote edits.txt:1:8: the single quote that begins here never ends"],
    ['\ndelete "sg-1\\"', "edit-quote edits.txt:2:8: the double quote"],
  ])("%j is refused", (line, expected) => {
    expect(refusal(line)).toContain(expected);
  });
});

describe("command lines of the AWS CLI", () => {
  const command = (rest: string, verb = "authorize-security-group-ingress"): string =>
    `aws ec2 ${verb} --group-id sg-1 ${rest}`;

  test.each([
    ["--protocol tcp --port 22 --cidr 0.0.0.0/0", "tcp 22 0.0.0.0/0"],
    ["--protocol=tcp --port=20-25 --cidr=10.0.0.0/8", "tcp 20-25 10.0.0.0/8"],
    ["--protocol udp --port 53 --source-group sg-2", "udp 53 sg-2"],
    [
      "--protocol tcp --port 1 --source-group sg-2 --group-owner 222222222222",
      "tcp 1 222222222222/sg-2",
    ],
    ["--protocol all --cidr 10.0.0.0/8", "all all 10.0.0.0/8"],
    ["--protocol -1 --port -1 --cidr 10.0.0.0/8", "all all 10.0.0.0/8"],
    ["--protocol icmp --port -1 --cidr 10.0.0.0/8", "icmp all 10.0.0.0/8"],
    ["--protocol icmp --port 8-0 --cidr 10.0.0.0/8", "icmp 8/0 10.0.0.0/8"],
    ["--protocol icmp --port 3--1 --cidr 10.0.0.0/8", "icmp 3/all 10.0.0.0/8"],
    ["--protocol tcp --port 1 --cidr ::/0 --region eu-west-1 --dry-run", "tcp 1 ::/0"],
  ])("%s", (options, words) => {
    expect(lines(command(options))).toEqual([`authorize sg-1 ingress ${words}`]);
    expect(lines(command(options, "revoke-security-group-egress"))).toEqual([
      `revoke sg-1 egress ${words}`,
    ]);
  });

  test("the verb alone, a group by name, options before the service, several lines", () => {
    const rest = "--group-name 'my group' --protocol tcp --port 1 --cidr ::/0";
    const line = 'authorize "my group" egress tcp 1 ::/0';
    expect(lines(`authorize-security-group-egress ${rest}`)).toEqual([line]);
    expect(
      lines(
        `aws --profile x --no-cli-pager ec2 \\\n authorize-security-group-egress \\\n ${rest}\ndelete sg-1`,
      ),
    ).toEqual([line, "delete sg-1"]);
  });

  test("--ip-permissions and --cli-input-json", () => {
    expect(lines(command(`--ip-permissions '${QUOTED}'`))).toEqual(AUTHORIZED);
    expect(lines(command(`--ip-permissions '${QUOTED.slice(1, -1)}'`))).toEqual(AUTHORIZED);
    const input = JSON.stringify({ GroupId: "sg-1", IpPermissions: PERMISSIONS, DryRun: false });
    expect(
      lines(
        `aws ec2 revoke-security-group-ingress --cli-input-json '${input.replaceAll("'", "'\\''")}'`,
      ),
    ).toEqual(
      AUTHORIZED.map((line) => line.replace("authorize", "revoke").replace(/ description .*/, "")),
    );
  });

  test("--security-group-rule-ids", () => {
    expect(
      lines(command("--security-group-rule-ids sgr-1 sgr-2", "revoke-security-group-egress")),
    ).toEqual(["revoke sg-1 egress sgr-1", "revoke sg-1 egress sgr-2"]);
  });

  test("places inside JSON are those of the file", () => {
    const text = `delete sg-0\n${command(`--ip-permissions '[\n  {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1,\n   "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}\n]'`)}`;
    expect(parseEdits(text, "e").map(({ at }) => at)).toEqual([
      { file: "e", line: 1, column: 1 },
      { file: "e", line: 4, column: 17 },
    ]);
    expect(refusal(text.replace('"10.0.0.0/8"', "7"))).toContain(
      "rules-shape edits.txt:4:28: 0.IpRanges.0.CidrIp: expected string, found 7",
    );
    expect(refusal(text.replace("}]}", "}]"))).toContain("json-syntax edits.txt:5:1");
  });

  test.each<[string, string]>([
    ["aws", "edit-verb-unknown edits.txt:1:1: expected ec2 behind aws, found nothing"],
    ["aws s3 ls", 'edit-verb-unknown edits.txt:1:5: expected ec2 behind aws, found "s3"'],
    ["aws ec2 delete-vpc --vpc-id x", "edit-verb-unknown edits.txt:1:9"],
    [command(""), "edit-options edits.txt:1:9: no rule is named"],
    [
      command("--protocol tcp --port 1 --cidr ::/0 --cird x"),
      'edit-option-unknown edits.txt:1:94: "--cird" is not an option here',
    ],
    [command("stray"), "edit-option-unknown"],
    [command("--protocol"), "edit-option-value"],
    [command("--group-id sg-2 --protocol all --cidr ::/0"), "edit-option-twice"],
    [command("--protocol tcp --cidr ::/0"), "ports-missing"],
    [command("--protocol tcp --port all --cidr ::/0"), "every port is 0-65535"],
    [command("--protocol icmp --port 8 --cidr ::/0"), "AWS reads a lone 8 as type 8, code 8"],
    [command("--protocol tcp --port 1"), "give one of --cidr and --source-group"],
    [command("--protocol tcp --port 1 --cidr ::/0 --source-group sg-2"), "give one of --cidr"],
    [command("--protocol tcp --port 1 --cidr sg-2"), "cidr-invalid"],
    [command("--protocol tcp --port 1 --source-group 10.0.0.0/8"), "edit-peer"],
    [
      command("--protocol tcp --port 1 --source-group 'my group' --group-owner 222222222222"),
      "rules-id",
    ],
    [command("--protocol tcp --port 1 --source-group sg-2 --group-owner ''"), "rules-id"],
    [command("--protocol tcp --ip-permissions []"), "exclude each other"],
    [command("--ip-permissions [] --port 1"), "--port goes with --protocol only"],
    [command("--ip-permissions []"), "edit-without-effect"],
    [
      command("--ip-permissions file://x.json"),
      'edit-json edits.txt:1:75: expected JSON, found "file://x.json"',
    ],
    [command("--ip-permissions IpProtocol=tcp"), "the shorthand syntax are not read"],
    [command("--ip-permissions '[] []'"), "edit-json"],
    [command("--ip-permissions '[7]'"), "rules-shape"],
    [command(`--ip-permissions '[{"IpProtocol": "-1"}]'`), "the permission names no peer"],
    [command("--cli-input-json '[]'"), "expected an object, found an array of 0"],
    [command("--security-group-rule-ids sgr-1"), "AWS gives the ids"],
    ["authorize-security-group-ingress --protocol all --cidr ::/0", "edit-group-missing"],
    [`authorize-security-group-ingress --ip-permissions '${QUOTED}'`, "edit-group-missing"],
  ])("%j is refused", (line, expected) => {
    expect(refusal(line)).toContain(expected);
  });
});

describe("JSON input", () => {
  const input = { GroupId: "sg-1", IpPermissions: PERMISSIONS };

  test("the verb is a key, or stands in the name of the document", () => {
    const verb = "authorize-security-group-ingress";
    expect(lines(JSON.stringify({ [verb]: input }))).toEqual(AUTHORIZED);
    expect(lines(JSON.stringify({ [verb]: [input, input] }))).toHaveLength(6);
    expect(lines(JSON.stringify([{ [verb]: input }]))).toEqual(AUTHORIZED);
    expect(lines(`${JSON.stringify(input)}\n`, `dir/${verb}.json`)).toEqual(AUTHORIZED);
    expect(
      lines(
        JSON.stringify({
          "revoke-security-group-egress": {
            GroupName: "web",
            SecurityGroupRuleIds: ["sgr-1"],
            IpPermissions: null,
          },
        }),
      ),
    ).toEqual(["revoke web egress sgr-1"]);
  });

  test.each<[unknown, string]>([
    [input, 'edit-unrecognised edits.txt:1:1: the key "GroupId" is no verb of edits'],
    [{}, "an empty object is no edit"],
    [[7], "7 is no edit"],
    [{ SecurityGroups: [] }, "edit-unrecognised"],
    [{ "authorize-security-group-ingress": 7 }, "7 is no edit"],
    [
      { "authorize-security-group-ingress": { ...input, GroupId: undefined } },
      "edit-group-missing",
    ],
    [{ "authorize-security-group-ingress": { GroupId: "sg-1" } }, "edit-without-effect"],
    [
      { "authorize-security-group-ingress": { ...input, Cidr: "x" } },
      "authorize-security-group-ingress.Cidr: the key is not known here",
    ],
    [{ "authorize-security-group-ingress": { ...input, IpPermissions: {} } }, "rules-shape"],
    [
      { "authorize-security-group-ingress": { GroupId: "sg-1", SecurityGroupRuleIds: ["sgr-1"] } },
      "AWS gives the ids",
    ],
    [
      { "revoke-security-group-ingress": { GroupId: "sg-1", SecurityGroupRuleIds: ["s g"] } },
      "rules-id",
    ],
  ])("%j is refused", (value, expected) => {
    expect(refusal(JSON.stringify(value))).toContain(expected);
  });
});

test("whatever the text, it is read or refused with its place", () => {
  const word = fc.oneof(
    fc.constantFrom(
      "authorize",
      "revoke",
      "attach",
      "delete",
      "add-entry",
      "aws",
      "ec2",
      "sg-1",
      "ingress",
      "tcp",
      "icmp",
      "all",
      "22",
      "8/0",
      "::/0",
      "10.0.0.0/8",
      "pl-1",
      "description",
      "#",
      "\\",
      "authorize-security-group-ingress",
      "--group-id",
      "--protocol",
      "--port",
      "--ip-permissions",
      '"',
      "'",
      "[{}]",
      "{",
      "--cli-input-json",
      "\n",
    ),
    fc.string({ unit: "binary", maxLength: 6 }),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), fc.constantFrom(" ", ""), (words, glue) => {
      try {
        for (const edit of parseEdits(words.join(glue), "e")) expect(edit.at.file).toBe("e");
      } catch (error) {
        expect(error).toBeInstanceOf(FlowError);
        expect((error as FlowError).at).toMatch(/^e:\d+:\d+$/);
      }
    }),
    { numRuns: 3000 },
  );
});
