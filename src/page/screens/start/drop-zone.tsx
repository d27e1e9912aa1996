import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import type { GivenFile, Zone } from "../../protocol.js";
import { clear, give, inputTrouble } from "../../state/inputs.js";
import { troubleOf } from "../../state/trouble.js";
import { filesOfDrop, filesOfPicker } from "./collect-files.js";
import { PasteDialog } from "./paste-dialog.js";

interface DropZoneProps {
  readonly zone: Zone;
  readonly title: string;
  /** What belongs here. */
  readonly about: ComponentChildren;
  /** What was given; null where nothing was. */
  readonly held: ComponentChildren | null;
  /** Another name for what is given. */
  named?(file: GivenFile): GivenFile;
  /** Below the buttons. */
  readonly children?: ComponentChildren;
  readonly paste: { readonly title: string; readonly name: string; readonly example: string };
}

/** Takes files for one purpose: dropped, chosen, or pasted. */
export function DropZone({
  zone,
  title,
  about,
  held,
  paste,
  named = (file) => file,
  children,
}: DropZoneProps) {
  const over = useSignal(false);
  const pasting = useSignal(false);
  const take = async (collect: () => Promise<readonly GivenFile[]> | readonly GivenFile[]) => {
    try {
      const files = await collect();
      if (files.length > 0) await give(zone, files.map(named));
    } catch (error) {
      inputTrouble.value = troubleOf(error);
    }
  };
  return (
    <section
      class={`drop ${over.value ? "drop-over" : ""} ${held === null ? "" : "drop-held"}`}
      aria-label={title}
      onDragOver={(event) => {
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => {
        over.value = false;
      }}
      onDrop={(event) => {
        event.preventDefault();
        over.value = false;
        const { dataTransfer } = event;
        if (dataTransfer !== null) void take(() => filesOfDrop(dataTransfer));
      }}
    >
      <div class="panel-head">
        <h2>{title}</h2>
        {held === null ? null : (
          <button type="button" class="button button-quiet" onClick={() => void clear(zone)}>
            Remove
          </button>
        )}
      </div>
      <p class="faint">{about}</p>
      <div class="drop-state">{held ?? <p>Drop files or a folder here, or choose them.</p>}</div>
      <div class="row">
        <Picker label="Choose files" take={(files) => take(() => filesOfPicker(files))} />
        <Picker label="Choose a folder" folder take={(files) => take(() => filesOfPicker(files))} />
        <button
          type="button"
          class="button"
          onClick={() => {
            pasting.value = true;
          }}
        >
          Paste
        </button>
      </div>
      {children}
      {pasting.value ? (
        <PasteDialog
          {...paste}
          onText={(file) => void take(() => [file])}
          onClose={() => {
            pasting.value = false;
          }}
        />
      ) : null}
    </section>
  );
}

/** A button that opens the browser's own picker. */
function Picker({
  label,
  folder = false,
  take,
}: {
  readonly label: string;
  readonly folder?: boolean;
  readonly take: (files: FileList | null) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="button" onClick={() => input.current?.click()}>
        {label}
      </button>
      <input
        ref={(element) => {
          input.current = element;
          // No attribute that JSX knows.
          if (element !== null) element.webkitdirectory = folder;
        }}
        type="file"
        multiple
        hidden
        aria-label={label}
        onChange={(event) => {
          take(event.currentTarget.files);
          // The same files can be chosen again.
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}
