// What goes into the loader and what is said of each input.

/** A rule document as the caller read it: from a file, a page's file input, or a string. */
export interface RuleDocument {
  /** As the user named it; messages and rule places show it. */
  readonly name: string;
  readonly text: string;
  /**
   * The user named this very file (the default). `false` = found in a folder: what is recognisably not a rule document
   * is then listed and left aside instead of stopping the load.
   */
  readonly explicit?: boolean;
  /** It holds what CloudFormation templates leave open, in whatever form: parameters, ids, exports. */
  readonly isParameters?: boolean;
}

/** The AWS CLI command (`aws ec2 ...`) whose answer a document holds. */
export type DocumentKind =
  | "describe-security-groups"
  | "describe-security-group-rules"
  | "describe-stale-security-groups"
  | "describe-network-interfaces"
  | "describe-managed-prefix-lists"
  | "describe-prefix-lists"
  | "get-managed-prefix-list-entries"
  | "describe-vpcs"
  | "describe-subnets"
  | "describe-vpc-peering-connections"
  | "describe-network-acls";

/** What was found in a document. */
export interface DocumentContents {
  /** What was recognised with its number of items, in the order of the document: answers, and resources by type. */
  readonly counts: ReadonlyMap<string, number>;
  /** The answers whose part it has in a rule set, whatever its form. */
  readonly kinds: ReadonlySet<DocumentKind>;
  /** What else was found, or why nothing was used; empty where there is nothing to say. */
  readonly note: string;
}

/** What became of one document. */
export interface DocumentReport extends DocumentContents {
  readonly name: string;
  /** `not-used`: an AWS answer that holds nothing for the rule set. `skipped`: no rules, found in a folder. */
  readonly status: "used" | "not-used" | "skipped";
  /** An answer says that more pages follow, and no later page stands in this document. */
  readonly cut: boolean;
  /** Unix seconds at which AWS answered, where the document says so. */
  readonly takenAt?: number;
}

/** Something the load survived and the user should know. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  /** `file:line:column` or a file name. */
  readonly at: string;
}
