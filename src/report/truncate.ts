// Text that must fit a width.

/** At most `width` characters; a cut ends in an ellipsis. Width counts UTF-16 units, exact for what AWS logs. */
export function truncate(text: string, width: number): string {
  if (text.length <= width) return text;
  if (width <= 1) return "…".slice(0, Math.max(0, width));
  return `${text.slice(0, width - 1)}…`;
}

/** As `truncate`, but the end stays: of a path the file name. */
export function truncateStart(text: string, width: number): string {
  if (text.length <= width) return text;
  if (width <= 1) return "…".slice(0, Math.max(0, width));
  return `…${text.slice(text.length - width + 1)}`;
}
