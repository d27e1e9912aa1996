const ENDING = /\.(json|ya?ml|template|tfstate)(\.gz)?$/i;

/** Whether a file of a folder may hold rules, by its name; what is in it is told by its content. */
export function isRuleFile(name: string): boolean {
  return ENDING.test(name);
}
