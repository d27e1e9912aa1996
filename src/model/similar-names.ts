// What somebody may have meant: existing names by edit distance.

/** How many are shown. */
const SHOWN = 3;
/** Words longer than this are compared by their beginnings. */
const COMPARED = 64;

/** The nearest of the names, best first; none that differs in more than half of its characters. */
export function similarNames(wanted: string, names: Iterable<string>): readonly string[] {
  const text = wanted.slice(0, COMPARED);
  const found: { readonly name: string; readonly distance: number }[] = [];
  for (const name of new Set(names)) {
    const distance = editDistance(text, name.slice(0, COMPARED));
    if (distance * 2 <= text.length) found.push({ name, distance });
  }
  found.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return found.slice(0, SHOWN).map(({ name }) => name);
}

/** Levenshtein distance. O(a × b). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a.charAt(i - 1) === b.charAt(j - 1) ? 0 : 1;
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same));
    }
    row = next;
  }
  return row[b.length]!;
}
