// One answer, page after page, written as the AWS CLI prints it.
import { FlowError } from "../../errors.js";
import type { Write } from "../../node/index.js";
import type { Ec2Call, Ec2Session } from "./ec2-calls.js";

/** The CLI indents by four. */
const INDENT = "    ";

/**
 * Asks for all pages and writes their items as one answer, without NextToken. `onItem` sees each item as the SDK gives
 * it. Throws what the SDK throws, and `aws-failed` where AWS answers with the same page for ever.
 */
export async function fetchAnswer<I>(
  session: Ec2Session,
  call: Ec2Call<I>,
  input: I,
  write: Write,
  onItem: (item: Readonly<Record<string, unknown>>) => void,
): Promise<number> {
  let items = 0;
  let token: string | undefined;
  await write(`{\n${INDENT}${JSON.stringify(call.list)}: [`);
  do {
    const page: Readonly<Record<string, unknown>> = {
      ...(await call.ask(session, {
        ...input,
        MaxResults: call.pageSize,
        ...(token === undefined ? {} : { NextToken: token }),
      })),
    };
    for (const item of listOf(page[call.list])) {
      onItem(item);
      await write(`${items === 0 ? "\n" : ",\n"}${itemText(item)}`);
      items++;
    }
    const { NextToken: given } = page;
    const next = typeof given === "string" ? given : "";
    if (next !== "" && next === token)
      throw new FlowError("aws-failed", `${call.action} answers with the same page again`, {
        hint: "try again later",
      });
    token = next === "" ? undefined : next;
  } while (token !== undefined);
  await write(items === 0 ? "]\n}\n" : `\n${INDENT}]\n}\n`);
  return items;
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value : [];
}

function itemText(item: object): string {
  const text = JSON.stringify(item, withCliTimes, INDENT);
  return `${INDENT}${INDENT}${text.replaceAll("\n", `\n${INDENT}${INDENT}`)}`;
}

/** `Date` turns itself into text before a replacer sees it; `this` is what it stands in. */
function withCliTimes(this: object, key: string, value: unknown): unknown {
  const original = (this as Record<string, unknown>)[key];
  return original instanceof Date ? cliTime(original) : value;
}

/** `2024-12-14T16:00:00+00:00`, with microseconds only where there are some. */
function cliTime(time: Date): string {
  const text = time.toISOString();
  const fraction = text.slice(20, 23);
  return `${text.slice(0, 19)}${fraction === "000" ? "" : `.${fraction}000`}+00:00`;
}
