/** The last part of each path, where these tell the paths apart; else the paths as they are. `-` is stdin. */
export function shortNames(paths: readonly string[]): readonly string[] {
  const names = paths.map((path) =>
    path === "-" ? "stdin" : (/[^/\\]+(?=[/\\]*$)/.exec(path)?.[0] ?? path),
  );
  return new Set(names).size === names.length ? names : paths;
}
