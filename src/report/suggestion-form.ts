/** Forms in which a suggestion can be taken over. */
export type SuggestionForm = "json" | "terraform" | "edits";
export const SUGGESTION_FORMS: readonly SuggestionForm[] = ["json", "terraform", "edits"];
