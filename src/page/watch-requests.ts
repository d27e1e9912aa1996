/** Addresses that name what the page itself holds: nothing is asked for them. */
const OWN = /^(blob|data):/;

/** Set where parts of the page lie beside it: their folder. They are loaded when they are first needed. */
declare global {
  var flowverdictFiles: string | undefined;
}

/**
 * Tells the number of requests that this thread has made since it started, whenever there is another. They are those
 * that the browser itself accounts for, so whatever asks is seen.
 */
export function watchRequests(tell: (count: number) => void): void {
  let count = 0;
  const isOwn = (name: string): boolean => {
    const files = globalThis.flowverdictFiles;
    return OWN.test(name) || (files !== undefined && name.startsWith(files));
  };
  const observer = new PerformanceObserver((list) => {
    const asked = list.getEntries().filter(({ name }) => !isOwn(name)).length;
    if (asked === 0) return;
    count += asked;
    tell(count);
  });
  observer.observe({ type: "resource" });
}
