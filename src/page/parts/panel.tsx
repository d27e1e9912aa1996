import type { ComponentChildren } from "preact";

/** A titled part of a screen. */
export function Panel({
  title,
  aside,
  children,
}: {
  readonly title: string;
  /** Beside the title: a number, a control. */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  return (
    <section class="panel" aria-label={title}>
      <div class="panel-head">
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** A screen with its heading and one sentence of what it is for. */
export function Screen({
  title,
  about,
  aside,
  children,
}: {
  readonly title: string;
  readonly about: ComponentChildren;
  /** At the right of the heading: what can be done with the whole screen. */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  return (
    <div class="screen">
      <div class="screen-head">
        <div class="screen-title">
          <h1>{title}</h1>
          <p class="faint">{about}</p>
        </div>
        {aside}
      </div>
      {children}
    </div>
  );
}
