import type { Signal } from "@preact/signals";

/** Opens and closes what a row of a table has below it; `about` is what it tells more of. */
export function MoreButton({
  open,
  about,
}: {
  readonly open: Signal<boolean>;
  readonly about: string;
}) {
  const word = open.value ? "Less" : "More";
  return (
    <button
      type="button"
      class="button button-small"
      aria-expanded={open.value}
      aria-label={`${word} of ${about}`}
      onClick={() => {
        open.value = !open.value;
      }}
    >
      {word}
    </button>
  );
}
