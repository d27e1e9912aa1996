// What a filter says, free of its spelling: tests joined by and, or, not. Every comparison has become a set.

import type { FilterField } from "./filter-field.js";

export type Filter = AllOf | AnyOf | NotOf | Test;
export type Test = NumberTest | AddressTest | WordTest;

export interface AllOf {
  readonly kind: "all";
  readonly items: readonly Filter[];
}

export interface AnyOf {
  readonly kind: "any";
  readonly items: readonly Filter[];
}

export interface NotOf {
  readonly kind: "not";
  readonly item: Filter;
}

interface TestBase {
  readonly field: FilterField;
  /** Whether a missing value passes. */
  readonly missing: boolean;
}

/** First and last number that pass, both included. */
export type NumberRange = readonly [first: number, last: number];

export interface NumberTest extends TestBase {
  readonly kind: "numbers";
  readonly ranges: readonly NumberRange[];
}

export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

export interface AddressTest extends TestBase {
  readonly kind: "addresses";
  readonly ranges: readonly AddressRange[];
}

/** The value is one of the words; of a field with several values one of them is. */
export interface WordTest extends TestBase {
  readonly kind: "words";
  readonly words: ReadonlySet<string>;
}

/** Why a text is no filter, and where: characters from 0, `to` excluded. */
export interface FilterFault {
  readonly message: string;
  readonly hint?: string;
  readonly from: number;
  readonly to: number;
}
