// Lists of field names: the `--fields` option and header lines.
import { FlowError } from "../errors.js";
import { fieldByName } from "./fields.js";

/** Formats with more fields are refused: AWS's catalogue has about fifty, the core's plan holds 256 tokens. */
export const MAX_FIELDS: number = 250;

/** A parsed list: names with hyphens, in order. `warnings` name what is kept although no catalogue has it. */
export interface FieldList {
  readonly fields: readonly string[];
  readonly warnings: readonly string[];
}

const TRANSIT_GATEWAY =
  /^(tgw-(id|attachment-id|pair-attachment-id|(src|dst)-(vpc-account-id|vpc-id|subnet-id|eni|az-id))|packets-lost-[a-z-]+|resource-type)$/;

function bareName(token: string): string {
  // Two dollars: how Terraform escapes the template.
  return /^\$\$?\{(.*)\}$/.exec(token)?.[1] ?? token;
}

function canonicalName(token: string): string {
  const name = bareName(token);
  return fieldByName(name)?.name ?? name.toLowerCase().replaceAll("_", "-");
}

function isNameLike(token: string): boolean {
  return token.length <= 64 && /^[a-z][a-z0-9]*([-_][a-z0-9]+)*$/i.test(bareName(token));
}

/** The field that a column of a table is by its name; `undefined` for what cannot be a name. */
export function columnField(name: string): string | undefined {
  return isNameLike(name) ? canonicalName(name) : undefined;
}

/** English words are field names too ("start", "end", "bytes"); these occur in no prose. */
export function isDistinctive(name: string): boolean {
  return name.includes("-") || /^(src|dst)(addr|port)$/.test(name);
}

/** Whether the field exists in transit-gateway logs only (aws facts 1.8); takes a hyphenated name. */
export function isTransitGatewayField(name: string): boolean {
  return TRANSIT_GATEWAY.test(name);
}

/**
 * Hyphenated names, if the tokens are a header: all look like names, at least three (and half of them) are known, one
 * of those beyond doubt. A header of a transit-gateway log is one too: whoever asks must refuse it
 * (isTransitGatewayField).
 */
export function headerFields(tokens: readonly string[]): readonly string[] | undefined {
  if (tokens.length < 3 || tokens.length > MAX_FIELDS || !tokens.every(isNameLike))
    return undefined;
  const fields = tokens.map(canonicalName);
  const known = fields.filter(
    (name) => fieldByName(name) !== undefined || isTransitGatewayField(name),
  );
  if (known.length < 3 || known.length * 2 < fields.length) return undefined;
  return known.some(isDistinctive) ? fields : undefined;
}

/** The tokens of a line of blank-separated text; blanks may repeat. */
export function tokensOf(line: string): string[] {
  return line
    .replace(/^\ufeff/, "")
    .split(/[ \r\n]+/)
    .filter((token) => token !== "");
}

/**
 * The fields of a header line in the middle of a log (`cat a.log b.log`, gzip members with their own headers), or
 * `undefined` where the line is no header, names a field twice or is of a transit-gateway log: then it and the records
 * behind it are malformed lines. Takes the line's bytes, with or without line end.
 */
export function parseHeaderLine(line: Uint8Array): readonly string[] | undefined {
  if (line.length > 8192) return undefined;
  const fields = headerFields(tokensOf(new TextDecoder().decode(line)));
  if (fields === undefined || duplicateOf(fields) !== undefined) return undefined;
  return fields.some(isTransitGatewayField) ? undefined : fields;
}

/** The first name that a list holds twice. */
export function duplicateOf(fields: readonly string[]): string | undefined {
  return fields.find((name, index) => fields.indexOf(name) !== index);
}

/** A sentence for each name that is in no catalogue: kept as text, never judged. */
export function unknownNames(fields: readonly string[]): string[] {
  return fields
    .filter((name) => fieldByName(name) === undefined && !isTransitGatewayField(name))
    .map((name) => `"${name}" is no flow-log field of versions 2 to 11; the column is passed over`);
}

/**
 * Reads a list of field names as `--fields` gives it: `${name}` or bare, with hyphens or underscores, in any case,
 * between blanks or commas. Throws `fields-invalid` for a name twice, an empty list or what cannot be a name.
 */
export function parseFieldList(text: string, at = "--fields"): FieldList {
  const hint =
    // biome-ignore lint/suspicious/noTemplateCurlyInString: AWS's own notation, not a template
    "write the flow log's format, in single quotes, as describe-flow-logs shows it (LogFormat): '${version} ${srcaddr} ...'";
  const tokens = text.split(/[\s,]+/).filter((token) => token !== "");
  if (tokens.length === 0)
    throw new FlowError("fields-invalid", "the list of fields is empty", { at, hint });
  if (tokens.length > MAX_FIELDS) {
    const found = `${tokens.length} fields, at most ${MAX_FIELDS} are allowed`;
    throw new FlowError("fields-invalid", found, { at, hint });
  }
  const odd = tokens.find((token) => !isNameLike(token));
  if (odd !== undefined) {
    const found = `"${odd.slice(0, 64)}" is not a field name`;
    throw new FlowError("fields-invalid", found, { at, hint });
  }
  const fields = tokens.map(canonicalName);
  const twice = duplicateOf(fields);
  if (twice !== undefined)
    throw new FlowError("fields-invalid", `field "${twice}" is named twice`, { at, hint });
  return { fields, warnings: unknownNames(fields) };
}
