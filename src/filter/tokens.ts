// A filter's text in words, each with its place.

import type { FilterFault } from "./filter.js";

export type TokenKind = "word" | "text" | "operator" | "open" | "close" | "comma";

/** `text` is what it means: of a quoted text what stands between the quotes. Characters from 0, `to` excluded. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** Words end at blanks, parentheses, commas, quotes and comparisons; everything else may stand in them. */
const WORD = /[^\s(),"'=<>!]+/y;
const OPERATOR = /(?:!=|<=|>=|=|<|>)/y;

const SINGLE: Readonly<Record<string, TokenKind>> = { "(": "open", ")": "close", ",": "comma" };

/** The tokens before the first fault, and the fault. Linear. */
export function tokensOf(text: string): {
  readonly tokens: readonly Token[];
  readonly fault: FilterFault | undefined;
} {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const sign = text.charAt(at);
    if (/\s/.test(sign)) {
      at++;
      continue;
    }
    const token = SINGLE[sign] === undefined ? longerToken(text, at) : single(text, at);
    if ("message" in token) return { tokens, fault: token };
    tokens.push(token);
    at = token.to;
  }
  return { tokens, fault: undefined };
}

function single(text: string, at: number): Token {
  const sign = text.charAt(at);
  return { kind: SINGLE[sign]!, text: sign, from: at, to: at + 1 };
}

function longerToken(text: string, at: number): Token | FilterFault {
  const sign = text.charAt(at);
  if (sign === '"' || sign === "'") return quoted(text, at, sign);
  const operator = matchAt(OPERATOR, text, at);
  if (operator !== undefined)
    return { kind: "operator", text: operator, from: at, to: at + operator.length };
  const word = matchAt(WORD, text, at);
  if (word !== undefined) return { kind: "word", text: word, from: at, to: at + word.length };
  return { message: `"${sign}" begins nothing here; write not`, from: at, to: at + 1 };
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** A backslash takes the next character as it is. */
function quoted(text: string, from: number, quote: string): Token | FilterFault {
  let value = "";
  for (let at = from + 1; at < text.length; at++) {
    const sign = text.charAt(at);
    if (sign === quote) return { kind: "text", text: value, from, to: at + 1 };
    if (sign === "\\") at++;
    value += text.charAt(at);
  }
  return { message: `the quote ${quote} is not closed`, from, to: text.length };
}
