// Ids in attributes.
import { type LoadContext, readId } from "../load-context.js";
import { below, refuse } from "../spot.js";
import { knownText } from "./part.js";
import type { TerraformResource } from "./resource.js";

/** The id in an attribute; `undefined` where it is absent or not known yet. */
export function optionalId(
  context: LoadContext,
  resource: TerraformResource,
  key: string,
): string | undefined {
  const text = knownText(resource, key);
  return text === undefined ? undefined : readId(context, text, () => below(resource.spot, key));
}

/** The same of what exists: there the id cannot be missing. */
export function requiredId(context: LoadContext, resource: TerraformResource, key: string): string {
  return (
    optionalId(context, resource, key) ??
    refuse(
      below(resource.spot, key),
      "rules-shape",
      "the key is missing",
      "what stands in a state has its ids: print it again with terraform show -json",
    )
  );
}
