import type { Direction } from "../model/verdict.js";

/**
 * One end of a tuple: the groups that the interface there carries; an interface that carries none; else the most
 * specific block of any rule that holds the address, or the address alone. `label` is what is shown and sorted by.
 */
export type TupleEnd =
  | {
      readonly kind: "groups";
      readonly label: string;
      /** Sorted by code units. `names` beside them, null where no document tells. */
      readonly ids: readonly string[];
      readonly names: readonly (string | null)[];
    }
  | { readonly kind: "interface"; readonly label: string; readonly id: string }
  | {
      readonly kind: "prefix-list";
      readonly label: string;
      readonly id: string;
      readonly name: string | null;
      /** The entry that holds the address. */
      readonly cidr: string;
    }
  | { readonly kind: "cidr"; readonly label: string; readonly cidr: string }
  /** No rule names a block that holds it: `/32` or `/128`. */
  | { readonly kind: "address"; readonly label: string; readonly cidr: string };

/** Source to destination at a served port: what users know a kind of connection by. */
export interface Tuple {
  /** The opener's end. Opener unknown (`directions` is empty): the end whose label sorts first. */
  readonly source: TupleEnd;
  readonly destination: TupleEnd;
  readonly protocol: number;
  /** Served port; null for protocols without ports. Opener unknown: the lower of the two. */
  readonly port: number | null;
  /** Directions in which interfaces of the log saw it opened; empty where nobody knows who opened (semantics 4.6). */
  readonly directions: readonly Direction[];
}

/** Part of a count, by name. */
export interface Share {
  readonly name: string;
  readonly connections: number;
}

/** How a count spreads over names: how many there are, and the greatest few by connections, then name. */
export interface Spread {
  readonly distinct: number;
  readonly top: readonly Share[];
}

/** Connections, their records (`forward` of the opener's side, `replies` of the other one) and bytes of both. */
export interface Amount {
  readonly connections: number;
  readonly records: number;
  readonly forward: number;
  readonly replies: number;
  readonly bytes: number;
}
