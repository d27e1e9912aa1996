import type { Sample } from "../../model/opener.js";
import { timestamp } from "../../report/quantity.js";
import { goTo } from "../state/route.js";
import { filterText, filterValue, timeSpan } from "../state/selection.js";

/** Characters of a file's name that are shown: its end tells it from its neighbours. */
const SHOWN = 24;

function shortName(file: string): string {
  const name = file.slice(file.lastIndexOf("/") + 1);
  return name.length <= SHOWN ? name : `…${name.slice(-SHOWN)}`;
}

/** Records that a number leads back to; a click opens them. */
export function SampleLinks({ samples }: { readonly samples: readonly Sample[] }) {
  return (
    <span class="row">
      {samples.map(({ file, line, start }) => (
        <button
          key={`${file}:${line}`}
          type="button"
          class="link mono"
          title={`${file}:${line}, ${timestamp(start)}`}
          onClick={() => {
            timeSpan.value = null;
            filterText.value = `file = ${filterValue(file)} and line = ${line}`;
            goTo("records");
          }}
        >
          {shortName(file)}:{line}
        </button>
      ))}
    </span>
  );
}
