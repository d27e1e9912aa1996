import { FlowError } from "../../errors.js";

/** What a worker could not do: anything but a refusal is a fault of ours, and is told with its stack. */
export function faultOf(error: unknown): FlowError {
  if (error instanceof FlowError) return error;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new FlowError("fault", text, {
    hint: "this is a fault of the page; what you see may be incomplete",
  });
}
