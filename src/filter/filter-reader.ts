// The grammar, one token at a time and without recursion:
//
//   filter  = operand { ("and" | "or") operand }          and binds closer than or
//   operand = "not" operand | "(" filter ")" | test
//   test    = FIELD ("=" | "!=" | "<" | "<=" | ">" | ">=") VALUE | FIELD ["not"] "in" values
//   values  = "(" VALUE { "," VALUE } ")" | ["range"] VALUE

import { similarNames } from "../model/similar-names.js";
import { type Comparison, comparisonFault, type TestFault, testOf } from "./field-test.js";
import type { ValueFault } from "./field-values.js";
import type { Filter, FilterFault } from "./filter.js";
import type { FilterField, FilterFields } from "./filter-field.js";
import type { Token } from "./tokens.js";

/** What may come next. */
export type Expected =
  | "operand"
  | "comparison"
  | "in"
  | "value"
  | "values"
  | "item"
  | "item-end"
  | "joint";

/** Parentheses inside one another: an evaluation descends as deep. */
const MOST_DEPTH = 64;
/** Values of one list. */
const MOST_VALUES = 10_000;

const COMPARISONS: readonly Comparison[] = ["=", "!=", "<", "<=", ">", ">="];
const JOINTS: ReadonlySet<string> = new Set(["and", "or", "not"]);

const EXPECTED: Readonly<Record<Expected, string>> = {
  operand: 'a field, "not" or "("',
  comparison: '=, !=, <, <=, >, >=, "in" or "not in"',
  in: '"in"',
  value: "a value",
  values: 'a value, a block, a range or "("',
  item: "a value",
  "item-end": '"," or ")"',
  joint: '"and", "or" or the end',
};

/** What may have been meant by a second sign of comparison. */
const OPERATOR_HINTS: Readonly<Record<string, string>> = {
  "=": "equality is written with one =",
  ">": "write >=",
  "<": "write <=",
};

/** What stands between two parentheses: alternatives, each of operands that all must hold. */
interface Frame {
  readonly open: Token | undefined;
  readonly any: Filter[][];
  /** Whether the next operand is negated. */
  not: boolean;
  /** Whether what stands between the parentheses is. */
  readonly negated: boolean;
}

function frame(open: Token | undefined, negated: boolean): Frame {
  return { open, any: [[]], not: false, negated };
}

function joined(kind: "all" | "any", items: readonly Filter[]): Filter {
  return items.length === 1 ? items[0]! : { kind, items };
}

function filterOf({ any, negated }: Frame): Filter {
  const filter = joined(
    "any",
    any.map((all) => joined("all", all)),
  );
  return negated ? { kind: "not", item: filter } : filter;
}

function word(token: Token): string {
  return token.kind === "word" ? token.text.toLowerCase() : "";
}

export class FilterReader {
  expected: Expected = "operand";
  /** Of the test that is being read. */
  field: FilterField | undefined;
  private readonly fields: FilterFields;
  private comparison: Comparison = "=";
  private listed = false;
  private values: Token[] = [];
  private readonly frames: Frame[] = [frame(undefined, false)];

  constructor(fields: FilterFields) {
    this.fields = fields;
  }

  /** How many parentheses are open. */
  get depth(): number {
    return this.frames.length - 1;
  }

  /** Takes the next token; what it returns is why it cannot stand there. */
  accept(token: Token): FilterFault | undefined {
    switch (this.expected) {
      case "operand":
        return this.acceptOperand(token);
      case "comparison":
        return this.acceptComparison(token);
      case "in":
        if (word(token) !== "in") return this.unexpected(token);
        return this.compare("not in");
      case "values":
        return this.acceptValues(token);
      case "value":
      case "item":
        return this.acceptValue(token);
      case "item-end":
        return this.acceptItemEnd(token);
      case "joint":
        return this.acceptJoint(token);
    }
  }

  /** The filter, when all tokens were taken; `length` is that of the text. */
  end(length: number): Filter | FilterFault {
    const open = this.frames.at(-1)!.open;
    if (this.expected !== "joint")
      return {
        message: `the filter ends where ${this.expectedWords()} is expected`,
        from: length,
        to: length,
      };
    if (open !== undefined)
      return { message: "the parenthesis is not closed", from: open.from, to: open.to };
    return filterOf(this.frames[0]!);
  }

  private expectedWords(): string {
    const { expected, field } = this;
    if (expected === "joint" && this.depth > 0) return '"and", "or" or ")"';
    return field !== undefined && (expected === "value" || expected === "values")
      ? `${EXPECTED[expected]} for ${field.name}`
      : EXPECTED[expected];
  }

  private unexpected({ text, from, to }: Token, hint?: string): FilterFault {
    const message = `${this.expectedWords()} is expected; found "${text}"`;
    return { message, from, to, ...(hint === undefined ? {} : { hint }) };
  }

  private acceptOperand(token: Token): FilterFault | undefined {
    const top = this.frames.at(-1)!;
    if (token.kind === "open") {
      if (this.frames.length > MOST_DEPTH)
        return {
          message: `more than ${MOST_DEPTH} parentheses stand inside one another`,
          from: token.from,
          to: token.to,
        };
      this.frames.push(frame(token, top.not));
      top.not = false;
      return undefined;
    }
    if (token.kind !== "word") return this.unexpected(token);
    if (word(token) === "not") {
      top.not = !top.not;
      return undefined;
    }
    if (JOINTS.has(word(token))) return this.unexpected(token);
    return this.acceptField(token);
  }

  private acceptField({ text, from, to }: Token): FilterFault | undefined {
    this.field = this.fields.find(text);
    if (this.field !== undefined) {
      this.expected = "comparison";
      return undefined;
    }
    return { ...unknownField(text, this.fields), from, to };
  }

  private acceptComparison(token: Token): FilterFault | undefined {
    if (token.kind === "operator") {
      const comparison = COMPARISONS.find((each) => each === token.text)!;
      const fault = comparisonFault(this.field!, comparison);
      if (fault !== undefined) return { ...fault, from: token.from, to: token.to };
      return this.compare(comparison);
    }
    if (word(token) === "in") return this.compare("in");
    if (word(token) !== "not") return this.unexpected(token);
    this.expected = "in";
    return undefined;
  }

  private compare(comparison: Comparison): undefined {
    this.comparison = comparison;
    this.values = [];
    this.listed = false;
    this.expected = comparison === "in" || comparison === "not in" ? "values" : "value";
  }

  private acceptValues(token: Token): FilterFault | undefined {
    if (token.kind === "open") {
      this.listed = true;
      this.expected = "item";
      return undefined;
    }
    if (word(token) === "range") {
      this.expected = "value";
      return undefined;
    }
    return this.acceptValue(token);
  }

  private acceptValue(token: Token): FilterFault | undefined {
    const isValue = token.kind === "text" || (token.kind === "word" && !JOINTS.has(word(token)));
    if (!isValue) {
      const hint = token.kind === "operator" ? OPERATOR_HINTS[token.text] : undefined;
      return this.unexpected(token, hint);
    }
    if (this.values.length >= MOST_VALUES)
      return {
        message: `a list has at most ${MOST_VALUES} values`,
        from: token.from,
        to: token.to,
      };
    this.values.push(token);
    if (this.listed) {
      this.expected = "item-end";
      return undefined;
    }
    return this.finishTest();
  }

  private acceptItemEnd(token: Token): FilterFault | undefined {
    if (token.kind === "comma") {
      this.expected = "item";
      return undefined;
    }
    if (token.kind !== "close") return this.unexpected(token);
    return this.finishTest();
  }

  private finishTest(): FilterFault | undefined {
    const test = testOf(this.field!, this.comparison, this.values);
    if (isTestFault(test)) {
      const { message, hint, token } = test;
      return {
        message,
        from: token.from,
        to: token.to,
        ...(hint === undefined ? {} : { hint }),
      };
    }
    this.operand(test);
    return undefined;
  }

  private operand(filter: Filter): void {
    const top = this.frames.at(-1)!;
    top.any.at(-1)!.push(top.not ? { kind: "not", item: filter } : filter);
    top.not = false;
    this.field = undefined;
    this.expected = "joint";
  }

  private acceptJoint(token: Token): FilterFault | undefined {
    if (token.kind === "close" && this.depth > 0) {
      this.operand(filterOf(this.frames.pop()!));
      return undefined;
    }
    const joint = word(token);
    if (joint !== "and" && joint !== "or") return this.unexpected(token, jointHint(token));
    if (joint === "or") this.frames.at(-1)!.any.push([]);
    this.expected = "operand";
    return undefined;
  }
}

/** What is said of a name that no field has. */
export function unknownField(name: string, fields: FilterFields): ValueFault {
  const near = similarNames(name.toLowerCase(), fields.names());
  const hint =
    near.length > 0
      ? `did you mean ${near.join(" or ")}?`
      : "fields are the columns of the records, and remote, local, port, group";
  return { message: `"${name}" is no field`, hint };
}

function isTestFault(test: Filter | TestFault): test is TestFault {
  return "message" in test;
}

function jointHint({ kind, text }: Token): string | undefined {
  if (text.startsWith("&")) return "write and";
  if (text.startsWith("|")) return "write or";
  if (kind === "close") return "there is no open parenthesis";
  return kind === "comma" ? "lists stand between parentheses: dstport in (22, 3389)" : undefined;
}
