// Lines of a log with mapped values. Fields that the catalogue does not know are left out.
import { fieldByName } from "../logs/index.js";
import type { Mapping } from "./mapping.js";

type Treatment = "address" | "account" | "id" | "word";

/** What is not named here says nothing about whose it is, and stays. */
const TREATMENTS: ReadonlyMap<string, Treatment> = new Map<string, Treatment>([
  ...each("address", "srcaddr dstaddr pkt-srcaddr pkt-dstaddr"),
  ...each("account", "account-id"),
  ...each(
    "id",
    "interface-id vpc-id subnet-id instance-id resource-id next-hop-interface-id next-hop-subnet-id next-hop-vpc-id",
  ),
  ...each(
    "word",
    "sublocation-id ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn ecs-container-instance-id " +
      "ecs-container-id ecs-second-container-id ecs-service-name ecs-task-definition-arn ecs-task-arn ecs-task-id " +
      "instance-tag instance-tag-2 interface-tag interface-tag-2 asg-tag asg-tag-2",
  ),
]);

function each(treatment: Treatment, names: string): (readonly [string, Treatment])[] {
  return names.split(" ").map((name) => [name, treatment]);
}

/** Stands for a line that is no record: it is none either. */
export const MALFORMED_LINE = "malformed";

/** How the lines of one format are written. */
export class LineFormat {
  /** The header line. */
  readonly header: string;
  /** Columns that stay, by their place in the line. */
  readonly #width: number;
  readonly #columns: readonly { readonly at: number; readonly treatment: Treatment | undefined }[];

  constructor(fields: readonly string[]) {
    const known = fields.flatMap((name, at) => {
      const field = fieldByName(name);
      return field === undefined ? [] : [{ at, name: field.name }];
    });
    this.#width = fields.length;
    this.header = known.map(({ name }) => name).join(" ");
    this.#columns = known.map(({ at, name }) => ({ at, treatment: TREATMENTS.get(name) }));
  }

  /** The line of a record. */
  line(text: string, mapping: Mapping): string {
    const words = text.trim().split(/[ \t]+/);
    // Exports of CloudWatch have a time of their own in front of some lines.
    if (words.length > this.#width) words.shift();
    return this.#columns
      .map(({ at, treatment }) => mappedWord(words[at] ?? "-", treatment, mapping))
      .join(" ");
  }
}

function mappedWord(word: string, treatment: Treatment | undefined, mapping: Mapping): string {
  if (treatment === undefined || word === "-") return word;
  if (treatment === "address") return mapping.addressText(word);
  if (treatment === "id") return mapping.names.id(word);
  if (treatment === "word") return mapping.names.word(word);
  return word === "unknown" ? word : mapping.names.account(word);
}
