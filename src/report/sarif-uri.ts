/** A file as a report for a repository names it: a URI, and whether it is relative to the repository's root. */
export interface FileUri {
  readonly uri: string;
  readonly isRelative: boolean;
}

function segments(path: string): string[] {
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && out.length > 0 && out.at(-1) !== "..") out.pop();
    else out.push(part);
  }
  return out;
}

function encoded(parts: readonly string[]): string {
  // A lone surrogate has no UTF-8: it becomes the replacement character, as it would on any disk.
  const wellFormed = (part: string): string =>
    new TextDecoder().decode(new TextEncoder().encode(part));
  return parts.map((part) => encodeURIComponent(wellFormed(part))).join("/");
}

/**
 * The URI of a path as given on the command line. Backslashes separate only behind a drive letter. An absolute path
 * inside `root` (absolute, with `/`) becomes relative to it; another one becomes a `file:` URI.
 */
export function fileUri(path: string, root?: string): FileUri {
  const isDrive = /^[A-Za-z]:[\\/]/.test(path);
  const clean = isDrive ? `/${path.replaceAll("\\", "/")}` : path;
  const parts = segments(clean);
  if (!clean.startsWith("/")) return { uri: encoded(parts), isRelative: true };
  const base = root === undefined ? parts : segments(root.replaceAll("\\", "/"));
  if (base.length < parts.length && base.every((part, i) => parts[i] === part))
    return { uri: encoded(parts.slice(base.length)), isRelative: true };
  const drive = isDrive ? `${parts[0]}/` : "";
  return { uri: `file:///${drive}${encoded(parts.slice(isDrive ? 1 : 0))}`, isRelative: false };
}
