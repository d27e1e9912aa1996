/** Addresses that name what the page itself holds: nothing is asked for them. */
const OWN = /^(blob|data):/;

/**
 * Tells the number of requests that this thread has made since it started, whenever there is another. They are those
 * that the browser itself accounts for, so whatever asks is seen.
 */
export function watchRequests(tell: (count: number) => void): void {
  let count = 0;
  const observer = new PerformanceObserver((list) => {
    const asked = list.getEntries().filter(({ name }) => !OWN.test(name)).length;
    if (asked === 0) return;
    count += asked;
    tell(count);
  });
  observer.observe({ type: "resource" });
}
