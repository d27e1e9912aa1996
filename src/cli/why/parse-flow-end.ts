/** Throws with the word that is at fault, by its place in the text. */
export type Refuse = (word: string, found: string, hint?: string) => never;

/** One side of the arrow. */
export interface FlowEnd {
  /** Address or id; `null`: not told. */
  readonly host: string | null;
  /** `null`: not told. */
  readonly port: number | "*" | null;
  /** The word as it was given. */
  readonly text: string;
}

const LAST_PORT = 65_535;

/** Reads `10.1.2.3:5432`, `[2001:db8::1]:*`, `:5432`, `2001:db8::1`, `*`, or nothing. */
export function parseFlowEnd(text: string, refuse: Refuse): FlowEnd {
  if (text === "" || text === "*") return { host: null, port: text === "" ? null : "*", text };
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed !== null)
    return { host: bracketed[1] ?? "", port: portOf(bracketed[2], text, refuse), text };
  // A bare IPv6 address is all address: its port would need brackets.
  if (text.indexOf(":") !== text.lastIndexOf(":")) return { host: text, port: null, text };
  const [host = "", port] = text.split(":");
  return { host: host === "" ? null : host, port: portOf(port, text, refuse), text };
}

function portOf(port: string | undefined, text: string, refuse: Refuse): number | "*" | null {
  if (port === undefined) return null;
  if (port === "*") return "*";
  if (/^(0|[1-9]\d{0,4})$/.test(port) && Number(port) <= LAST_PORT) return Number(port);
  return refuse(text, `has the port "${port}"; a port is 0-${LAST_PORT}, or * for any client port`);
}
