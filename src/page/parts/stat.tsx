import type { ComponentChildren } from "preact";

/** A number with its name above it and, where needed, what it is of below. */
export function Stat({
  label,
  value,
  foot,
}: {
  readonly label: ComponentChildren;
  readonly value: ComponentChildren;
  readonly foot?: ComponentChildren;
}) {
  return (
    <div class="stat">
      <dt class="stat-label">{label}</dt>
      <dd class="stat-value">{value}</dd>
      {foot === undefined ? null : <dd class="stat-foot">{foot}</dd>}
    </div>
  );
}

/** Numbers side by side. */
export function Stats({ children }: { readonly children: ComponentChildren }) {
  return <dl class="stats">{children}</dl>;
}
