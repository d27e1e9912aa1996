import { useSignal } from "@preact/signals";
import { counted, grouped } from "../../../report/quantity.js";
import type { EditorGroup, EditorRule, GroupTold } from "../../protocol.js";
import { addEdits, dropEdit } from "../../state/candidates.js";

const STATES: Readonly<Record<EditorRule["state"], readonly [mark: string, tone: string]>> = {
  kept: ["", ""],
  added: ["+ added", "tone-new"],
  removed: ["− revoked", "tone-bad"],
};

/** Takes back the edit that brought the rule or took it, else says the opposite. */
function turn({ state, revoke, authorize }: EditorRule): void {
  if (state === "added") {
    if (!dropEdit(authorize)) addEdits([revoke]);
  } else if (state === "removed") {
    if (!dropEdit(revoke)) addEdits([authorize]);
  } else addEdits([revoke]);
}

const ACTIONS: Readonly<Record<EditorRule["state"], string>> = {
  kept: "Revoke",
  added: "Take back",
  removed: "Restore",
};

export function GroupTable({
  group,
  told,
}: {
  readonly group: EditorGroup;
  readonly told: GroupTold;
}) {
  return (
    <div class="stack">
      <p>
        <strong>{group.name ?? group.id}</strong>{" "}
        <span class="faint">
          {group.name === null ? "" : `${group.id} · `}carried by{" "}
          {counted(told.interfaces, "interface")}
        </span>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div class="scroll" tabIndex={0}>
        <table class="table rules">
          <thead>
            <tr>
              <th scope="col">direction</th>
              <th scope="col">protocol</th>
              <th scope="col">ports</th>
              <th scope="col">peer</th>
              <th scope="col">description</th>
              <th scope="col" class="num">
                connections
              </th>
              <th scope="col">change</th>
              <th scope="col">
                <span class="hidden">what can be done</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {group.rules.map((rule) => {
              const [mark, tone] = STATES[rule.state];
              return (
                <tr key={`${rule.state} ${rule.revoke}`} class={`rule-${rule.state}`}>
                  <td>{rule.direction}</td>
                  <td>{rule.protocol}</td>
                  <td>{rule.ports}</td>
                  <td class="end">
                    <code>{rule.peer}</code>
                  </td>
                  <td class="end faint">{rule.description}</td>
                  <td class="num">{rule.hits === null ? "-" : grouped(rule.hits)}</td>
                  <td class={tone}>{mark}</td>
                  <td>
                    <button
                      type="button"
                      class="button button-small"
                      aria-label={`${ACTIONS[rule.state]}: ${rule.direction} ${rule.protocol} ${rule.ports} ${rule.peer}`}
                      onClick={() => turn(rule)}
                    >
                      {ACTIONS[rule.state]}
                    </button>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <AddRule groupId={group.id} />
    </div>
  );
}

function AddRule({ groupId }: { readonly groupId: string }) {
  const direction = useSignal("ingress");
  const protocol = useSignal("tcp");
  const ports = useSignal("443");
  const peer = useSignal("");
  const add = (event: Event) => {
    event.preventDefault();
    if (peer.value.trim() === "") return;
    const words = [direction.value, protocol.value, ports.value.trim() || "all", peer.value.trim()];
    addEdits([`authorize ${groupId} ${words.join(" ")}`]);
    peer.value = "";
  };
  return (
    <form class="row add-rule" onSubmit={add} aria-label="Add a rule">
      <label>
        <span class="field-label">Direction</span>
        <select
          class="field"
          value={direction.value}
          onChange={(event) => {
            direction.value = event.currentTarget.value;
          }}
        >
          <option>ingress</option>
          <option>egress</option>
        </select>
      </label>
      <label>
        <span class="field-label">Protocol</span>
        <select
          class="field"
          value={protocol.value}
          onChange={(event) => {
            protocol.value = event.currentTarget.value;
            if (event.currentTarget.value !== "tcp" && event.currentTarget.value !== "udp")
              ports.value = "all";
          }}
        >
          {["tcp", "udp", "icmp", "icmpv6", "all"].map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label>
        <span class="field-label">Ports</span>
        <input
          class="field"
          size={10}
          placeholder="443 or 8000-8100"
          value={ports.value}
          onInput={(event) => {
            ports.value = event.currentTarget.value;
          }}
        />
      </label>
      <label class="grow">
        <span class="field-label">Peer: block, group or prefix list</span>
        <input
          class="field mono"
          placeholder="10.0.0.0/8, sg-1, pl-1"
          value={peer.value}
          onInput={(event) => {
            peer.value = event.currentTarget.value;
          }}
        />
      </label>
      <button type="submit" class="button" disabled={peer.value.trim() === ""}>
        Add rule
      </button>
    </form>
  );
}
