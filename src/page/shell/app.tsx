import { useEffect, useRef } from "preact/hooks";
import { Notice } from "../parts/notice.js";
import { engineFault } from "../state/engine.js";
import { route } from "../state/route.js";
import { Rail } from "./rail.js";
import { screenOf } from "./screens.js";
import { TopBar } from "./top-bar.js";

export function App() {
  const main = useRef<HTMLElement>(null);
  const screen = screenOf(route.value.screen);
  const first = useRef(true);
  useEffect(() => {
    document.title = `${screen.title} · flowverdict`;
    // Who follows a link by keyboard or ear is to land in what it leads to.
    if (first.current) first.current = false;
    else {
      main.current?.focus();
      main.current?.scrollTo(0, 0);
    }
  }, [screen]);
  const Shown = screen.view;
  return (
    <div class="app">
      <button type="button" class="skip button" onClick={() => main.current?.focus()}>
        To the content
      </button>
      <TopBar />
      <Rail />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <main class="main" id="main" ref={main} tabIndex={0}>
        {engineFault.value === null ? null : (
          <Notice tone="bad" live>
            <p>The worker of this page has ended: {engineFault.value}</p>
            <p class="faint">Reload the page. If that does not help, use a current browser.</p>
          </Notice>
        )}
        <Shown />
      </main>
    </div>
  );
}
