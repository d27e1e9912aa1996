// Which files of a folder are read, and in which order: alike wherever files come from.

/** Other files, and what CloudWatch Logs leaves beside every export to S3. */
const NOT_LOGS = /\.(md|html?|ya?ml|tf|tfstate|pdf|png|sh|py|js|ts)$|(^|\/)aws-logs-write-test$/i;

/** By its name no log: left out of a folder, tried where it is named itself. */
export function isOtherFile(path: string): boolean {
  return NOT_LOGS.test(path);
}

/**
 * By its name a rule document as well as a log (CloudWatch's answers): of a folder it is tried, and where it is no log that
 * is no fault of it.
 */
export function isDoubtfulFile(path: string): boolean {
  return /\.json$/i.test(path);
}

/** A name, and the time that it tells (`fileTime`). */
export interface NamedLog {
  readonly name: string;
  readonly time?: number;
}

/** By time, logs without one last, then by name in code units. */
export function inReadingOrder(a: NamedLog, b: NamedLog): number {
  const timeA = a.time ?? Number.POSITIVE_INFINITY;
  const timeB = b.time ?? Number.POSITIVE_INFINITY;
  if (timeA !== timeB) return timeA < timeB ? -1 : 1;
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}
