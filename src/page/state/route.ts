import { signal } from "@preact/signals";

/** Part of the address behind `#/`: the screen, and what it shows. Nothing of the inputs stands in it. */
export interface Route {
  readonly screen: string;
  readonly rest: string;
}

function routeOf(hash: string): Route {
  const [screen = "", ...rest] = hash.replace(/^#\/?/, "").split("/");
  return { screen: screen === "" ? "start" : screen, rest: rest.join("/") };
}

export const route = signal<Route>(routeOf(location.hash));

window.addEventListener("hashchange", () => {
  route.value = routeOf(location.hash);
});

/** The address of a screen, for links. */
export function hrefOf(screen: string, rest = ""): string {
  return rest === "" ? `#/${screen}` : `#/${screen}/${rest}`;
}

export function goTo(screen: string, rest = ""): void {
  location.hash = hrefOf(screen, rest);
}
