import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { type Trouble, troubleOf } from "../state/trouble.js";
import { TroubleNotice } from "./notice.js";

/** A button whose work takes a while and can be refused: it waits, and says below why nothing came of it. */
export function BusyButton({
  work,
  main = false,
  disabled = false,
  children,
}: {
  readonly work: () => Promise<unknown>;
  readonly main?: boolean;
  readonly disabled?: boolean;
  readonly children: ComponentChildren;
}) {
  const busy = useSignal(false);
  const trouble = useSignal<Trouble | null>(null);
  const run = async () => {
    busy.value = true;
    trouble.value = null;
    try {
      await work();
    } catch (error) {
      trouble.value = troubleOf(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <>
      <button
        type="button"
        class={main ? "button button-main" : "button"}
        disabled={disabled || busy.value}
        aria-busy={busy.value}
        onClick={() => void run()}
      >
        {children}
      </button>
      {trouble.value === null ? null : <TroubleNotice trouble={trouble.value} />}
    </>
  );
}
