import { computed, signal } from "@preact/signals";
import { watchRequests } from "../watch-requests.js";
import { workerRequests } from "./engine.js";

const pageRequests = signal(0);
const refused = signal(0);

watchRequests((count) => {
  pageRequests.value = count;
});
document.addEventListener("securitypolicyviolation", () => {
  refused.value++;
});

/** Requests of this page and its worker since it was loaded, as the browser counts them. */
export const requests = computed(() => pageRequests.value + workerRequests.value);

/** Attempts that the policy stopped. */
export const refusedRequests = computed(() => refused.value);
