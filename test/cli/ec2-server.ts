// A server that speaks EC2's query protocol: forms in, XML out, pages by NextToken.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** The pages of an answer, each the XML inside `<ActionResponse>` without its token. */
export type Pages = readonly string[];

export interface AskedCall {
  readonly action: string;
  readonly arguments: ReadonlyMap<string, string>;
}

export interface Ec2Server {
  readonly url: string;
  /** Every call that came, in order. */
  readonly calls: readonly AskedCall[];
}

/** What the server answers to a call: pages, or an error of EC2. */
export type Answer = (
  call: AskedCall,
) => Pages | { readonly status: number; readonly code: string; readonly message: string };

/** Calls `work` with a server of its own, which is gone afterwards. */
export async function withEc2Server<T>(
  answer: Answer,
  work: (server: Ec2Server) => Promise<T>,
): Promise<T> {
  const calls: AskedCall[] = [];
  const server = createServer(async (request, response) => {
    const fields = new Map(new URLSearchParams(await bodyOf(request)));
    const call = { action: fields.get("Action") ?? "", arguments: fields };
    calls.push(call);
    const given = answer(call);
    response.setHeader("content-type", "text/xml;charset=UTF-8");
    if ("code" in given) {
      response.statusCode = given.status;
      response.end(
        `<?xml version="1.0"?><Response><Errors><Error><Code>${given.code}</Code><Message>${given.message}</Message></Error></Errors><RequestID>r-1</RequestID></Response>`,
      );
      return;
    }
    const page = Number(fields.get("NextToken")?.slice("page-".length) ?? 0);
    const next = page + 1 < given.length ? `<nextToken>page-${page + 1}</nextToken>` : "";
    response.end(
      `<?xml version="1.0"?><${call.action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r-1</requestId>${given[page]}${next}</${call.action}Response>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    return await work({ url: `http://127.0.0.1:${port}`, calls });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}
