import { describe, expect, it } from "vitest";
import { parseFlow } from "../../src/cli/why/parse-flow.js";
import { FlowError } from "../../src/errors.js";
import { formatAddress } from "../../src/model/address.js";
import { buildRuleSet } from "../support/rule-set-builder.js";

const RULES = buildRuleSet({
  interfaces: {
    "eni-app": { groups: ["sg-app"], addresses: ["10.0.1.10", "fd00::10"] },
    "eni-db": { groups: ["sg-db"], addresses: ["10.0.2.20"] },
    "eni-two": { groups: ["sg-db"], addresses: ["10.0.2.20"] },
    "eni-pods": { groups: ["sg-db"], addresses: ["10.0.3.30"], prefixes: ["10.0.4.0/28"] },
    "eni-bare": { groups: ["sg-db"], addresses: [] },
  },
});

/** A flow in one line: interface, direction, protocol, remote, local, ports, ICMP. */
function read(text: string): string[] {
  return parseFlow(text, RULES, 7).map((flow) => {
    const { interfaceId, direction, protocol, remote, local, clientPort, port, icmp, time } = flow;
    expect(time).toBe(7);
    const type = icmp === null ? "" : ` type ${icmp.type}/${icmp.code}`;
    const own = local === null ? "-" : formatAddress(local);
    return `${interfaceId} ${direction} ${protocol}${type} ${formatAddress(remote)} ${own} ${clientPort}>${port}`;
  });
}

describe("parseFlow", () => {
  it.each([
    ["eni-app ingress tcp 10.1.2.3:* -> :5432", "eni-app ingress 6 10.1.2.3 - null>5432"],
    ["eni-app ingress tcp 10.1.2.3 -> :5432", "eni-app ingress 6 10.1.2.3 - null>5432"],
    ["eni-app ingress TCP 10.1.2.3:40000->:443", "eni-app ingress 6 10.1.2.3 - 40000>443"],
    ["eni-app ingress 6 10.1.2.3 → 10.0.1.10:443", "eni-app ingress 6 10.1.2.3 10.0.1.10 null>443"],
    ["eni-app ingress tcp 10.1.2.3 -> eni-app:443", "eni-app ingress 6 10.1.2.3 - null>443"],
    ["eni-app egress udp -> 10.1.2.3:53", "eni-app egress 17 10.1.2.3 - null>53"],
    ["eni-app egress udp :5353 -> 10.1.2.3:53", "eni-app egress 17 10.1.2.3 - 5353>53"],
    ["eni-app egress udp * -> 10.1.2.3:53", "eni-app egress 17 10.1.2.3 - null>53"],
    ["eni-app egress tcp -> eni-db:5432", "eni-app egress 6 10.0.2.20 - null>5432"],
    ["eni-app egress tcp [fd00::10]:1 -> [fd00::9]:2", "eni-app egress 6 fd00::9 fd00::10 1>2"],
    ["eni-app ingress icmp 10.1.2.3 ->", "eni-app ingress 1 10.1.2.3 - null>0"],
    ["eni-app ingress icmp/8 10.1.2.3 ->", "eni-app ingress 1 type 8/null 10.1.2.3 - null>0"],
    ["eni-app egress icmpv6/128/0 -> fd00::9", "eni-app egress 58 type 128/0 fd00::9 - null>0"],
    ["eni-db egress icmpv6 -> eni-app", "eni-db egress 58 fd00::10 - null>0"],
    ["eni-db egress icmp -> eni-app", "eni-db egress 1 10.0.1.10 - null>0"],
    ["eni-app egress 132 -> 10.1.2.3", "eni-app egress 132 10.1.2.3 - null>0"],
    [
      "eni-pods ingress tcp 10.1.2.3 -> 10.0.4.7:80",
      "eni-pods ingress 6 10.1.2.3 10.0.4.7 null>80",
    ],
    ["fd00::10 ingress tcp fd00::9 -> :80", "eni-app ingress 6 fd00::9 - null>80"],
  ])("%s", (text, wanted) => {
    expect(read(text)).toEqual([wanted]);
  });

  it("takes several interfaces, and all that have an address, each once", () => {
    const ids = read("10.0.2.20,eni-app,eni-db ingress tcp 10.1.2.3 -> :80").map(
      (line) => line.split(" ")[0],
    );
    expect(ids).toEqual(["eni-db", "eni-two", "eni-app"]);
  });

  it.each([
    ["eni-x ingress tcp 10.1.2.3:* -> :5432", 'word 1: "eni-x": "eni-x" is no interface'],
    ["10.7.7.7 ingress tcp 10.1.2.3 -> :80", "10.7.7.7 is the address of no known interface"],
    ["eni-db, ingress tcp 10.1.2.3 -> :80", "a name is empty"],
    ["eni-app egress icmpv6 -> eni-db", "is an interface without a known IPv6 address"],
    ["eni-db ingres tcp 10.1.2.3:* -> :5432", 'word 2: "ingres" is no direction'],
    ["eni-db ingress tpc 10.1.2.3:* -> :5432", 'word 3: "tpc" is no protocol'],
    ["eni-db ingress 256 10.1.2.3 ->", 'word 3: "256" is no protocol'],
    ["eni-db ingress tcp/80 10.1.2.3 -> :80", "tcp has no types"],
    ["eni-db ingress icmp/8/999 10.1.2.3 ->", "is no ICMP type and code"],
    ["eni-db ingress icmp 10.1.2.3 -> :80", 'word 6: ":80" has a port; icmp has none'],
    ["eni-db ingress tcp 10.1.2.3:99999 -> :80", 'word 4: "10.1.2.3:99999" has the port "99999"'],
    ["eni-db ingress tcp 10.1.2.0/24 -> :80", "is a block; a flow has one address"],
    ["eni-db egress tcp -> eni-bare:80", "is an interface without a known address"],
    ["eni-db ingress tcp sg-app -> :80", '"sg-app" holds no address and no interface\'s id'],
    ["eni-db ingress tcp 10.1.2.3 -> 10.9.9.9:80", "is not of eni-db, which has 10.0.2.20"],
    ["eni-db ingress tcp 10.1.2.3 -> db:80", '"db:80" holds no address'],
    ["eni-db ingress tcp 10.1.2.3 -> :*", "the served port is missing after -> (* is for"],
    ["eni-db ingress tcp 10.1.2.3 ->", "the served port is missing after ->"],
    ["eni-db ingress tcp -> :80", "the remote address is missing before ->"],
    ["eni-db egress tcp -> :80", "the remote address is missing after ->"],
    ["eni-db ingress tcp 10.1.2.3 :80", "has no ->"],
    ["eni-db ingress tcp 10.1.2.3 -> :80 -> :90", "has more than one ->"],
    ["eni-db ingress -> :80", "lacks a word before ->"],
    ["eni-db ingress tcp 10.1.2.3 80 -> :80", 'word 5: "80" is one word too many before ->'],
    ["eni-db ingress tcp 10.1.2.3 -> :80 now", 'word 7: "now" is one word too many after ->'],
  ])("%s is refused", (text, message) => {
    const refused = (): unknown => parseFlow(text, RULES, 7);
    expect(refused).toThrow(FlowError);
    try {
      refused();
    } catch (error) {
      expect(error).toMatchObject({ code: "flow-unreadable", hint: expect.any(String) });
      expect((error as FlowError).message).toContain(message);
    }
  });
});
