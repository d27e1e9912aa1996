import type { Signal } from "@preact/signals";
import { grouped } from "../../../report/quantity.js";
import { FIRST_COLUMNS, lookOf } from "./columns.js";

/** Which columns of the records are shown; they keep the order of the log. */
export function ColumnChooser({
  all,
  shown,
}: {
  readonly all: readonly string[];
  readonly shown: Signal<readonly string[]>;
}) {
  const toggle = (name: string) => {
    const next = shown.value.includes(name)
      ? shown.value.filter((each) => each !== name)
      : [...shown.value, name];
    if (next.length > 0) shown.value = next;
  };
  return (
    <details class="chooser">
      <summary class="button">
        Columns ({grouped(shown.value.length)} of {grouped(all.length)})
      </summary>
      <fieldset class="chooser-list">
        <legend class="hidden">Columns shown</legend>
        {all.map((name) => (
          <label key={name} class="chooser-item" title={lookOf(name).meaning}>
            <input
              type="checkbox"
              checked={shown.value.includes(name)}
              onChange={() => toggle(name)}
            />
            {name.replaceAll("_", " ")}
          </label>
        ))}
        <button
          type="button"
          class="button"
          onClick={() => {
            shown.value = FIRST_COLUMNS.filter((name) => all.includes(name));
          }}
        >
          As at first
        </button>
      </fieldset>
    </details>
  );
}
