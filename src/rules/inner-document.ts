// A document that stands as a text inside another one: its places are that of the text, for lines of an escaped text mean
// nothing to whoever opens the file.
import { FlowError } from "../errors.js";
import { type JsonDocument, readJson } from "./json-reader.js";
import { formatSpot, placeOfSpot, refuse, type Spot } from "./spot.js";
import { looksLikeYaml, readYaml } from "./yaml-reader.js";

/** Reads JSON or YAML. Throws a FlowError at the place of the text where it is neither. */
export function readInner(spot: Spot, text: string): JsonDocument {
  const place = placeOfSpot(spot);
  const isJson = /^\ufeff?\s*[[{]/.test(text);
  try {
    const { values, offsets } =
      !isJson && looksLikeYaml(text) ? readYaml(place.file, text) : readJson(place.file, text);
    return {
      name: place.file,
      text,
      values,
      offsets,
      placeOf: () => place,
      locate: (start) => start,
    };
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    const inner = error.at === undefined ? "" : `${error.at.slice(place.file.length + 1)}: `;
    const said = error.message.slice((error.at?.length ?? -2) + 2);
    return refuse(
      spot,
      error.code,
      `in the text at ${formatSpot(spot)}: ${inner}${said}`,
      error.hint,
    );
  }
}
