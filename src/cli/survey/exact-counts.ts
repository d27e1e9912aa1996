import type { CandidateChanges } from "../../analysis/index.js";
import type { Impact } from "../../questions/index.js";

/** Rows of openers may find no room, and know records only by their connection; the pass counted every record. */
export function withExactCounts(
  impact: Impact,
  { connections, records, bytes }: CandidateChanges,
): Impact {
  return { ...impact, connections, records, bytes };
}
