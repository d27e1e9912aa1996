import { formatAddress } from "../../src/model/address.js";
import type { JudgedOpener } from "../../src/model/opener.js";
import { LOG_START } from "../support/flow-text.js";

/** A row as an expected.json writes it: the address as text, times in seconds after the start of the logs. */
export function plainOpener(row: JudgedOpener): object {
  return {
    ...row,
    remote: formatAddress(row.remote),
    first: row.first - LOG_START,
    last: row.last - LOG_START,
    samples: row.samples.map(({ line }) => line),
  };
}
