/** The core, inside the script: its bytes by deflate, as base64. */
declare module "virtual:core" {
  export const packedCore: string;
}

/** The worker: its whole code in the single file (deflated, as base64), where it lies beside the page in the hosted build. */
declare module "virtual:engine" {
  export const engine: { readonly packed: string } | { readonly url: string };
}

declare module "*?raw" {
  const text: string;
  export default text;
}

declare module "*.css" {}
