import { signal } from "@preact/signals";
import { FlowError } from "../../../errors.js";
import { splitDatedPath } from "../../../rules/dated-path.js";
import type { GivenFile } from "../../protocol.js";

const from = signal("");

function isTime(text: string): boolean {
  return splitDatedPath(`x@${text}`).path === "x";
}

/** The file under a name that says from when on it holds, as `--rules PATH@TIME` does. Throws for what is no time. */
export function withTime(file: GivenFile): GivenFile {
  const time = from.value.trim();
  if (time === "") return file;
  if (!isTime(time))
    throw new FlowError("time-invalid", `${time} is no time`, {
      hint: "write it as 2026-03-02, or 2026-03-02T10:00Z; empty = from the beginning",
    });
  return { ...file, name: `${file.name}@${time}` };
}

/** From when on the rules hold that are given next: several times make a history. */
export function RulesFrom() {
  const time = from.value.trim();
  const isWrong = time !== "" && !isTime(time);
  return (
    <label class="row">
      <span class="faint">Those given next hold from</span>
      <input
        class="field field-auto"
        placeholder="the beginning"
        title="A time such as 2026-03-02 or 2026-03-02T10:00Z, where rules changed while the log ran; each record is judged by the rules of its time"
        aria-invalid={isWrong}
        size={22}
        value={from.value}
        onInput={(event) => {
          from.value = event.currentTarget.value;
        }}
      />
      {isWrong ? <span class="tone-bad">✗ no time: 2026-03-02T10:00Z</span> : null}
    </label>
  );
}
