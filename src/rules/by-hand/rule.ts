// One rule as people write it: `{from: 10.0.0.0/8, port: tcp/443}`. Lists of ends and ports mean each with each.
import { PROTOCOL_ICMP, PROTOCOL_ICMPV6 } from "../../contract.js";
import type { Direction } from "../../model/verdict.js";
import { OFFSET } from "../json-reader.js";
import { isOpaqueId, type LoadContext } from "../load-context.js";
import { blockPeer, draftRule, groupPeer, prefixListPeer, type RuleDraft } from "../rule-draft.js";
import type { Spot } from "../spot.js";
import { anyTraffic, readTraffic, type Traffic } from "../traffic.js";
import { type Field, readFields, readItems, readText, refuseText } from "./fields.js";

/** The group whose rule it is, and the groups that names may mean. */
export interface RuleGround {
  readonly context: LoadContext;
  readonly owner: { readonly groupId: string; readonly accountId: string | undefined };
  /** The id of a group of the document, by id or unique name; `undefined` where there is none. */
  readonly groupId: (text: string) => string | undefined;
}

const ENDS =
  "any, a block such as 10.0.0.0/8, sg-..., group NAME, self, ACCOUNT/sg-..., pl-..., or a list of these";
const PORTS =
  "any, tcp, udp, tcp/443, udp/1000-2000, icmp, icmp/8, icmp/8/0, icmpv6, ip/50 (a protocol by its number), or a list of these";

/** Every rule that an item of `ingress` or `egress` means. */
export function readHandRules(ground: RuleGround, direction: Direction, item: Field): RuleDraft[] {
  const key = direction === "ingress" ? "from" : "to";
  const keys = readFields(
    item,
    `a rule of ${direction}`,
    [key, "port", "description"],
    [key, "port"],
  );
  const note = keys.get("description");
  const description =
    note === undefined ? undefined : readText(note, "description", "a text, or leave it out");
  const offset = (item.value as { readonly [OFFSET]: number })[OFFSET];
  const ports = readItems(keys.get("port")!, "port", true);
  const ends = readItems(keys.get(key)!, key, true);
  return ports.flatMap((port) => {
    const traffic = readPort(readText(port, "port", PORTS), port.spot);
    return ends.flatMap((end) =>
      readEnd(ground, readText(end, key, ENDS), end.spot).map((peer) =>
        draftRule(direction, traffic, peer, {
          stale: undefined,
          description,
          offset,
          spot: item.spot,
        }),
      ),
    );
  });
}

function readPort(text: string, spot: Spot): Traffic {
  if (/^(any|all)$/i.test(text)) return anyTraffic();
  const [, name = "", rest] = /^([a-z0-9]+)(?:\/(.+))?$/i.exec(text) ?? [];
  const protocol = name.toLowerCase();
  if (protocol === "tcp" || protocol === "udp") {
    const [, from, to = from] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(rest ?? "0-65535") ?? [];
    if (from !== undefined)
      return readTraffic(
        { IpProtocol: protocol, FromPort: Number(from), ToPort: Number(to) },
        spot,
        NO_KEYS,
      );
  }
  if (protocol === "icmp" || protocol === "icmpv6") {
    const [, type, code = "-1"] = /^(\d{1,3})(?:\/(\d{1,3}))?$/.exec(rest ?? "") ?? [];
    if (rest === undefined || type !== undefined)
      return readTraffic(
        { IpProtocol: protocol, FromPort: Number(type ?? -1), ToPort: Number(code) },
        spot,
        NO_KEYS,
      );
  }
  if (protocol === "ip" && /^\d{1,3}$/.test(rest ?? "")) {
    const number = Number(rest);
    const isTyped = number === PROTOCOL_ICMP || number === PROTOCOL_ICMPV6;
    const [FromPort, ToPort] = isTyped ? [-1, -1] : [0, 65_535];
    return readTraffic({ IpProtocol: String(number), FromPort, ToPort }, spot, NO_KEYS);
  }
  return refuseText(spot, text, "port", PORTS);
}

/** The whole value is one text: faults in it point there. */
const NO_KEYS = { protocol: "", from: "", to: "" };

function readEnd(
  { context, owner, groupId }: RuleGround,
  text: string,
  spot: Spot,
): RuleDraft["peer"][] {
  const at = (): Spot => spot;
  if (/^any$/i.test(text))
    return [blockPeer(context, "0.0.0.0/0", 4, at), blockPeer(context, "::/0", 6, at)];
  if (text === "self") return [{ kind: "group", id: owner.groupId }];
  // A group may be named as a prefix list is: then only `group NAME` means it.
  if (/^pl-/.test(text)) return [prefixListPeer(context, text, at)];
  const known = groupId(text.replace(/^group\s+/, ""));
  if (known !== undefined) return [{ kind: "group", id: known }];
  if (/^(\d{1,16}\/)?sg-/.test(text) && isOpaqueId(text.replace("/", "-")))
    return [groupPeer(context, { GroupId: text }, owner, at)];
  if (/^[0-9a-f.:]+\/\d{1,3}$/i.test(text))
    return [blockPeer(context, text, text.includes(":") ? 6 : 4, at)];
  const isAddress = /^[0-9.]+$|:/.test(text);
  return refuseText(
    spot,
    text,
    isAddress ? "block: a single address is written with /32 or /128" : "end of a rule",
    ENDS,
  );
}
