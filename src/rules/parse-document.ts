// One document to its pages, or a clear statement of why it holds none.
import { FlowError } from "../errors.js";
import type { DocumentContents, DocumentKind, DocumentReport, RuleDocument } from "./document.js";
import { describeForm, type Form } from "./form.js";
import { isObject, type JsonDocument, readJson } from "./json-reader.js";
import { type Page, type Recognised, recognise } from "./recognise.js";
import { refuse, type Spot, showValue } from "./spot.js";
import { looksLikeYaml, readYaml } from "./yaml-reader.js";

export interface ParsedDocument {
  readonly report: DocumentReport;
  readonly pages: readonly Page[];
  /** What stands there in other forms than the CLI's. */
  readonly forms: readonly Form[];
}

const ACCEPTED =
  "give the JSON output of aws ec2 describe-security-groups, describe-security-group-rules, describe-network-interfaces, " +
  "describe-managed-prefix-lists, get-managed-prefix-list-entries, describe-prefix-lists, describe-vpcs, describe-subnets, " +
  "describe-vpc-peering-connections, describe-stale-security-groups or describe-network-acls; terraform show -json; a " +
  "CloudFormation template or change set; items of AWS Config; or rules written by hand (docs/FORMATS.md)";

/** A broken file that mentions one of these was meant as rules: leaving it aside would drop them in silence. */
const RULE_KEYS =
  /"(SecurityGroups|SecurityGroupRules|NetworkInterfaces|PrefixLists|Vpcs|Subnets|VpcPeeringConnections|StaleSecurityGroupSet|NetworkAcls|configurationItems|planned_values|resource_changes|AWSTemplateFormatVersion)"|^(groups|interfaces|Resources|AWSTemplateFormatVersion):/m;

/**
 * Reads one document and recognises what it holds. Throws a FlowError for broken JSON, error answers and, where the
 * user named the file, for anything that is no AWS answer.
 */
export function parseRuleDocument(document: RuleDocument): ParsedDocument {
  const lenient = document.explicit === false;
  let json: JsonDocument;
  try {
    json = readValues(document);
  } catch (error) {
    const optional = lenient && !/\.json$/i.test(document.name) && !RULE_KEYS.test(document.text);
    if (error instanceof FlowError && optional) return skipped(document, "neither JSON nor YAML");
    throw error;
  }
  if (json.values.length === 0) {
    if (lenient && !/\.json$/i.test(document.name)) return skipped(document, "empty");
    throw new FlowError("rules-empty", "the file is empty", { at: document.name, hint: ACCEPTED });
  }
  const { pages, forms, others, strangers, takenAt } =
    document.isParameters === true ? asParameters(json) : recognise(json);
  const stranger = strangers[0];
  if (stranger !== undefined) {
    if (lenient && pages.length + forms.length === 0) return skipped(document, "no rules");
    refuse(
      stranger,
      "rules-unrecognised",
      `${describe(stranger)} is not an answer that the rule set knows`,
      ACCEPTED,
    );
  }
  const lastPages = new Map<DocumentKind, Page>();
  for (const page of pages) lastPages.set(page.kind, page);
  return {
    pages,
    forms,
    report: {
      name: document.name,
      status: pages.length + forms.length === 0 ? "not-used" : "used",
      ...contentsOf(pages, forms, others),
      cut: [...lastPages.values()].some((page) => page.cut),
      ...(takenAt === undefined ? {} : { takenAt }),
    },
  };
}

/** Who says that they are parameters need not spell them as AWS does. */
function asParameters(document: JsonDocument): Recognised {
  const forms = document.values.map(
    (value, i): Form => ({ kind: "parameters", value, spot: { document, value: i, path: [] } }),
  );
  return { pages: [], forms, others: [], strangers: [], takenAt: undefined };
}

/** JSON, or YAML where the text begins like it and not like JSON. */
function readValues({ name, text }: RuleDocument): JsonDocument {
  const isJson = /^\ufeff?\s*[[{]/.test(text);
  return !isJson && looksLikeYaml(text) ? readYaml(name, text) : readJson(name, text);
}

function contentsOf(
  pages: readonly Page[],
  forms: readonly Form[],
  others: readonly string[],
): DocumentContents {
  const counts = new Map<string, number>();
  const kinds = new Set<DocumentKind>();
  const notes: string[] = [];
  const count = (what: string, items: number): void => {
    counts.set(what, (counts.get(what) ?? 0) + items);
  };
  for (const { kind, items } of pages) {
    count(kind, items.length);
    kinds.add(kind);
  }
  for (const form of forms) {
    const contents = describeForm(form);
    for (const [what, items] of contents.counts) count(what, items);
    for (const kind of contents.kinds) kinds.add(kind);
    if (contents.note !== "") notes.push(contents.note);
  }
  if (others.length > 0) notes.push(`not used here: ${[...new Set(others)].join(", ")}`);
  return { counts, kinds, note: notes.join("; ") };
}

function skipped(document: RuleDocument, note: string): ParsedDocument {
  return {
    pages: [],
    forms: [],
    report: {
      name: document.name,
      status: "skipped",
      counts: new Map(),
      kinds: new Set(),
      note,
      cut: false,
    },
  };
}

function describe(spot: Spot): string {
  const value = spot.document.values[spot.value];
  if (!isObject(value)) return showValue(value);
  const keys = Object.keys(value);
  const shown = keys.slice(0, 5).join(", ");
  return keys.length === 0
    ? "an empty object"
    : `an object with the keys ${shown}${keys.length > 5 ? ", ..." : ""}`;
}
