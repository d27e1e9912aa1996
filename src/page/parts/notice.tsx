import type { ComponentChildren } from "preact";
import type { Trouble } from "../state/trouble.js";

type Tone = "info" | "warn" | "bad";

const MARKS: Readonly<Record<Tone, string>> = { info: "i", warn: "!", bad: "✗" };

/** Something that must not be overlooked; `live` = read out when it comes. */
export function Notice({
  tone,
  live = false,
  children,
}: {
  readonly tone: Tone;
  readonly live?: boolean;
  readonly children: ComponentChildren;
}) {
  return (
    <div class={`notice notice-${tone}`} role={live ? "alert" : undefined}>
      <span aria-hidden="true">{MARKS[tone]}</span>
      <div class="notice-text">{children}</div>
    </div>
  );
}

/** What was refused, and what to do. */
export function TroubleNotice({ trouble }: { readonly trouble: Trouble }) {
  return (
    <Notice tone="bad" live>
      <p>{trouble.message}</p>
      {trouble.hint === "" ? null : <p class="faint">{trouble.hint}</p>}
    </Notice>
  );
}
