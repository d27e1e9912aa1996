import type { Signal } from "@preact/signals";

/** One of a few values, in a select with a name that is only heard. */
export function Choice<T extends string>({
  label,
  value,
  options,
}: {
  readonly label: string;
  readonly value: Signal<T>;
  readonly options: readonly (readonly [value: T, text: string])[];
}) {
  return (
    <label>
      <span class="hidden">{label}</span>
      <select
        class="field field-auto"
        value={value.value}
        onChange={(event) => {
          value.value = event.currentTarget.value as T;
        }}
      >
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
