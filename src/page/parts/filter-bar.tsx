// biome-ignore-all lint/a11y/useSemanticElements: a select cannot show meanings beside its options

import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { type Completion, completionsAt, FilterFields, parseFilter } from "../../filter/index.js";
import { timestamp } from "../../report/quantity.js";
import { read } from "../state/reading.js";
import { filterText, timeSpan } from "../state/selection.js";

/** Options shown below the bar. */
const MOST_SHOWN = 12;

/** The filter of all screens that show records: written with completions, applied by Enter. */
export function FilterBar() {
  const draft = useSignal(filterText.value);
  const applied = useSignal(filterText.value);
  const cursor = useSignal(0);
  const open = useSignal(false);
  const chosen = useSignal(-1);
  const input = useRef<HTMLInputElement>(null);
  const fields = useComputed(() => new FilterFields({ others: read.value?.held.columns ?? [] }));
  // Changed elsewhere too: a value that was clicked.
  useSignalEffect(() => {
    applied.value = filterText.value;
    draft.value = filterText.value;
  });
  // Keys are answered from these, not from what was rendered: they may come faster than frames.
  const faults = useComputed(() =>
    draft.value.trim() === "" ? undefined : parseFilter(draft.value, fields.value).fault,
  );
  const completions = useComputed(() => completionsAt(draft.value, cursor.value, fields.value));
  const shown = useComputed(() =>
    open.value ? completions.value.options.slice(0, MOST_SHOWN) : [],
  );
  const fault = faults.value;
  const options = shown.value;
  const apply = () => {
    if (faults.value !== undefined) return;
    open.value = false;
    applied.value = draft.value;
    filterText.value = draft.value;
  };
  const take = ({ text }: Completion) => {
    const { from, to } = completions.value;
    const before = draft.value.slice(0, from);
    const written = `${before}${text} ${draft.value.slice(to).trimStart()}`;
    const at = before.length + text.length + 1;
    draft.value = written;
    cursor.value = at;
    chosen.value = -1;
    const field = input.current;
    if (field === null) return;
    // At once: the next key may come before the next frame.
    field.value = written;
    field.focus();
    field.setSelectionRange(at, at);
  };
  const onKey = (event: KeyboardEvent) => {
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp": {
        event.preventDefault();
        open.value = true;
        const step = event.key === "ArrowDown" ? 1 : -1;
        const count = shown.value.length;
        const from = chosen.value < 0 && step < 0 ? 0 : chosen.value;
        chosen.value = count === 0 ? -1 : (from + step + count) % count;
        break;
      }
      case "Tab": {
        const option = shown.value[chosen.value];
        if (option === undefined) break;
        event.preventDefault();
        take(option);
        break;
      }
      case "Enter": {
        event.preventDefault();
        const option = shown.value[chosen.value];
        if (option === undefined) apply();
        else take(option);
        break;
      }
      case "Escape":
        open.value = false;
        chosen.value = -1;
        break;
    }
  };
  const follow = (event: Event & { readonly currentTarget: HTMLInputElement }) => {
    cursor.value = event.currentTarget.selectionStart ?? event.currentTarget.value.length;
  };
  return (
    <div class="filter">
      <div class="filter-row">
        <div class="filter-box">
          <input
            ref={input}
            class="field mono"
            type="text"
            role="combobox"
            aria-label="Filter of records"
            aria-expanded={options.length > 0}
            aria-controls="filter-options"
            aria-autocomplete="list"
            aria-activedescendant={
              options[chosen.value] === undefined ? undefined : `filter-option-${chosen.value}`
            }
            aria-invalid={fault !== undefined}
            aria-describedby="filter-said"
            autocomplete="off"
            spellcheck={false}
            placeholder="verdict = deny and port in (22, 443) and remote in 10.0.0.0/8"
            value={draft.value}
            onInput={(event) => {
              draft.value = event.currentTarget.value;
              follow(event);
              open.value = true;
              chosen.value = -1;
            }}
            onClick={follow}
            onKeyUp={follow}
            onKeyDown={onKey}
            onFocus={() => {
              open.value = draft.value !== "";
            }}
            onBlur={() => {
              open.value = false;
            }}
          />
          <div
            class="filter-options"
            id="filter-options"
            role="listbox"
            aria-label="What can stand here"
            hidden={options.length === 0}
          >
            {options.map((option, i) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the arrows of the field choose it
              <div
                key={option.text}
                id={`filter-option-${i}`}
                role="option"
                tabIndex={-1}
                aria-selected={i === chosen.value}
                class="filter-option"
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => take(option)}
              >
                <code>{option.text}</code>
                <span class="faint">{option.meaning}</span>
              </div>
            ))}
          </div>
        </div>
        <button type="button" class="button" disabled={fault !== undefined} onClick={apply}>
          Apply
        </button>
        <button
          type="button"
          class="button"
          disabled={draft.value === "" && timeSpan.value === null}
          onClick={() => {
            draft.value = "";
            applied.value = "";
            filterText.value = "";
            timeSpan.value = null;
          }}
        >
          Clear
        </button>
      </div>
      <p id="filter-said" class="filter-said">
        {fault === undefined || draft.value === applied.value ? (
          <Said unsaved={draft.value.trim() !== applied.value.trim()} />
        ) : (
          <span class="tone-warn">
            ! {fault.message}
            {fault.hint === undefined ? "" : `: ${fault.hint}`}
          </span>
        )}
      </p>
    </div>
  );
}

function Said({ unsaved }: { readonly unsaved: boolean }) {
  const span = timeSpan.value;
  if (unsaved)
    return <span class="faint">Enter applies it; ↓ chooses among what can stand here.</span>;
  if (span === null)
    return <span class="faint">Fields, comparisons and values: ↓ shows what can stand here.</span>;
  return (
    <span class="faint">
      And the time chosen: {timestamp(span[0])} to {timestamp(span[1])}.
    </span>
  );
}
