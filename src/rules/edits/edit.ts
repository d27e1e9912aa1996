// What an edit of a rule set is, whoever wrote it: a line, a command of the AWS CLI, or its JSON input.
import type { Cidr } from "../../model/address.js";
import type { Peer, Place } from "../../model/rule-set.js";
import type { Direction } from "../../model/verdict.js";
import type { TrafficNumbers } from "../traffic.js";

/** One rule comes or goes. Groups are named by id, or by a name that is unique in the rule set. */
export interface RuleEdit extends TrafficNumbers {
  readonly kind: "authorize" | "revoke";
  readonly group: string;
  /** A name that stands beside the id: it must be that group's. */
  readonly groupName?: string;
  readonly direction: Direction;
  /** A group peer as written: resolved when the edit is applied. */
  readonly peer: Peer;
  readonly description?: string;
  readonly at: Place;
}

/** A rule goes, named by its `sgr-` id. */
export interface RuleIdEdit {
  readonly kind: "revoke-id";
  readonly group: string;
  readonly groupName?: string;
  readonly direction: Direction;
  readonly ruleId: string;
  readonly at: Place;
}

export interface AttachmentEdit {
  readonly kind: "attach" | "detach";
  readonly interfaceId: string;
  readonly group: string;
  readonly at: Place;
}

/** A group goes, with its attachments; references to it become stale. */
export interface DeleteEdit {
  readonly kind: "delete";
  readonly group: string;
  readonly at: Place;
}

/** One block of a prefix list comes or goes. The list is named by id, or by a unique name. */
export interface EntryEdit {
  readonly kind: "add-entry" | "remove-entry";
  readonly list: string;
  readonly cidr: Cidr;
  readonly at: Place;
}

export type Edit = RuleEdit | RuleIdEdit | AttachmentEdit | DeleteEdit | EntryEdit;
