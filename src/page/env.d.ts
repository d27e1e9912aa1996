/** The bytes of the core, inside the script. */
declare module "virtual:core" {
  export function coreBytes(): Uint8Array<ArrayBuffer>;
}

/** The worker: its whole code in the single file, where it lies beside the page in the hosted build. */
declare module "virtual:engine" {
  export const engine: { readonly code: string } | { readonly url: string };
}

declare module "*?raw" {
  const text: string;
  export default text;
}

declare module "*.css" {}
