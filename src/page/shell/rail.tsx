import { hrefOf, route } from "../state/route.js";
import { SCREENS, screenOf } from "./screens.js";

/** The way between screens. */
export function Rail() {
  const current = screenOf(route.value.screen).id;
  return (
    <nav class="rail" aria-label="Screens">
      {SCREENS.map(({ heading, screens }) => (
        <div key={heading}>
          <div class="rail-heading" id={`rail-${heading}`}>
            {heading}
          </div>
          <ul class="rail-list" aria-labelledby={`rail-${heading}`}>
            {screens.map(({ id, title }) => (
              <li key={id}>
                <a
                  class="rail-link"
                  href={hrefOf(id)}
                  aria-current={id === current ? "page" : undefined}
                >
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
