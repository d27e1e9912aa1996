// One name against one segment of a glob. No regular expressions: their backtracking is exponential in the stars.

type Element = "any" | "star" | ((char: string) => boolean);

function classOf(body: string): Element {
  const negated = body.startsWith("!") || body.startsWith("^");
  const members = [...(negated ? body.slice(1) : body)];
  return (char) => {
    for (let i = 0; i < members.length; i++) {
      const low = members[i]!;
      const isRange = members[i + 1] === "-" && i + 2 < members.length;
      const high = isRange ? members[i + 2]! : low;
      if (isRange) i += 2;
      if (low <= char && char <= high) return !negated;
    }
    return negated;
  };
}

function elementsOf(segment: string): Element[] {
  const chars = [...segment];
  const elements: Element[] = [];
  for (let i = 0; i < chars.length; i++) {
    const c = chars[i]!;
    if (c === "*") elements.push("star");
    else if (c === "?") elements.push("any");
    else {
      // A bracket right behind the opening one (and its negation) is a member; one that is never closed means itself.
      const negated = chars[i + 1] === "!" || chars[i + 1] === "^";
      const end = c === "[" ? chars.indexOf("]", i + (negated ? 3 : 2)) : -1;
      if (end < 0) elements.push((char) => char === c);
      else {
        elements.push(classOf(chars.slice(i + 1, end).join("")));
        i = end;
      }
    }
  }
  return elements;
}

/**
 * The test whether a name matches a segment with `*`, `?`, `[a-z]`, `[!a-z]`. A leading dot is matched only by a dot.
 * Cost of one test: at most the product of both lengths.
 */
export function segmentMatcher(segment: string): (name: string) => boolean {
  const elements = elementsOf(segment);
  const hidden = segment.startsWith(".");
  return (name) => (hidden || !name.startsWith(".")) && matches(elements, [...name]);
}

function matches(elements: readonly Element[], chars: readonly string[]): boolean {
  let at = 0;
  let element = 0;
  // Where to go on when what follows the last star fails: one more character for the star.
  let star = -1;
  let starAt = 0;
  while (at < chars.length) {
    const wanted = elements[element];
    if (wanted === "star") {
      star = element++;
      starAt = at;
    } else if (wanted !== undefined && (wanted === "any" || wanted(chars[at]!))) {
      element++;
      at++;
    } else if (star >= 0) {
      element = star + 1;
      at = ++starAt;
    } else return false;
  }
  return elements.slice(element).every((rest) => rest === "star");
}
