// Files that are not read, by name, with the reason and the way out.
import { FlowError } from "../errors.js";

interface Magic {
  readonly offset: number;
  readonly bytes: string;
  readonly what: string;
  readonly hint: string;
}

const UNPACK = "unpack it first";
const MAGICS: readonly Magic[] = [
  { offset: 0, bytes: "PARE", what: "encrypted Parquet", hint: "write it without encryption" },
  { offset: 0, bytes: "PK\x03\x04", what: "a zip archive (or a spreadsheet)", hint: UNPACK },
  { offset: 0, bytes: "\x1f\x8b", what: "gzip inside gzip or zstd", hint: "unpack it once" },
  {
    offset: 0,
    bytes: "\x28\xb5\x2f\xfd",
    what: "zstd inside gzip or zstd",
    hint: "unpack it once",
  },
  { offset: 0, bytes: "BZh", what: "bzip2", hint: UNPACK },
  { offset: 0, bytes: "\xfd7zXZ", what: "xz", hint: UNPACK },
  { offset: 257, bytes: "ustar", what: "a tar archive", hint: UNPACK },
  {
    offset: 0,
    bytes: "\xff\xfe",
    what: "UTF-16 text",
    hint: "convert it: iconv -f UTF-16 -t UTF-8",
  },
  {
    offset: 0,
    bytes: "\xfe\xff",
    what: "UTF-16 text",
    hint: "convert it: iconv -f UTF-16 -t UTF-8",
  },
];

/** Bytes that `foreignFormat` wants to see, unless the file is shorter. */
export const MAGIC_BYTES: number = 262;

function refuse(name: string, message: string, hint: string): FlowError {
  return new FlowError("log-unrecognised", message, { at: name, hint });
}

/** The refusal of a file whose first bytes are those of another format; `undefined` if they are not. */
export function foreignFormat(name: string, head: Uint8Array): FlowError | undefined {
  const found = MAGICS.find(({ offset, bytes }) =>
    [...bytes].every((c, index) => head[offset + index] === c.charCodeAt(0)),
  );
  if (found === undefined) return undefined;
  return new FlowError("log-refused", `this is ${found.what}`, { at: name, hint: found.hint });
}

/** semantics 1.6: no action, no interface, so nothing to judge. */
export function transitGatewayRefusal(name: string, line: number, sign: string): FlowError {
  return new FlowError(
    "log-refused",
    `this is a transit-gateway flow log ("${sign}"): its records have no action and no interface, so no group can be judged`,
    { at: `${name}:${line}`, hint: "give the flow logs of the VPCs or interfaces instead" },
  );
}

/** The refusal of a file of which no line in the head fits; `first` is its first line that is not blank. */
export function unrecognised(
  name: string,
  line: number,
  first: string,
  option: readonly string[] | undefined,
): FlowError {
  const at = `${name}:${line}`;
  if (/^[{[]/.test(first)) {
    return refuse(
      at,
      "this is JSON without a line of a flow log in it",
      "read are the messages of CloudWatch Logs and Firehose (message, events, logEvents, awslogs.data), and objects whose members are the fields of a record",
    );
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this is how binary data is told from text
  if (/[\x00-\x08\x0e-\x1f\ufffd]/.test(first.slice(0, 1024)))
    return refuse(at, "this is no text", "flow logs are text, plain or gzip");
  const columns = first.split(/[ ,;\t]+/).filter((token) => token !== "").length;
  const wanted =
    option === undefined
      ? "there is no header line, and the lines do not have the version 2 default format"
      : `there is no header line, and the lines have neither the ${option.length} columns of --fields nor the version 2 default format`;
  return refuse(
    at,
    `${wanted}; the first line has ${columns === 1 ? "1 column" : `${columns} columns`}`,
    "name the columns with --fields '...', as describe-flow-logs shows them (LogFormat)",
  );
}
