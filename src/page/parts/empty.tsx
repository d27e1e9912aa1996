import type { ComponentChildren } from "preact";
import { read } from "../state/reading.js";
import { hrefOf } from "../state/route.js";

/** Nothing is here yet: says why, and what to do. */
export function Empty({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
}) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** Shows its children when a log has been read, else leads to where that is done. */
export function OnceRead({ children }: { readonly children: ComponentChildren }) {
  if (read.value !== null) return <>{children}</>;
  return (
    <Empty title="No log has been read yet">
      <p>Give rules and flow logs and let them be judged; then this screen has something to say.</p>
      <a class="button button-main" href={hrefOf("start")}>
        Go to inputs
      </a>
    </Empty>
  );
}
