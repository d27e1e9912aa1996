import { useRef } from "preact/hooks";
import { counted } from "../../../report/quantity.js";
import {
  candidate,
  candidates,
  canRedo,
  canUndo,
  chooseCandidate,
  copyCandidate,
  redo,
  removeCandidate,
  renameCandidate,
  setDocuments,
  undo,
} from "../../state/candidates.js";

/** Which candidate is written, its name, the way back, and files that it is made of. */
export function CandidateBar() {
  const picker = useRef<HTMLInputElement>(null);
  const { name, documents } = candidate.value;
  const load = async (files: FileList | null) => {
    const texts = await Promise.all(
      Array.from(files ?? [], async (file) => ({
        name: file.name,
        text: await file.text(),
        explicit: true as const,
      })),
    );
    if (texts.length > 0) setDocuments(texts);
  };
  return (
    <div class="row row-ends">
      <div class="row">
        {candidates.value.length < 2 ? null : (
          <label>
            <span class="hidden">Candidate shown</span>
            <select
              class="field"
              value={candidates.value.indexOf(candidate.value)}
              onChange={(event) => chooseCandidate(Number(event.currentTarget.value))}
            >
              {candidates.value.map((each, i) => (
                <option key={each.name} value={i}>
                  {each.name}
                </option>
              ))}
            </select>
          </label>
        )}
        <label class="row">
          <span class="faint">Name</span>
          <input
            class="field name-field"
            value={name}
            onChange={(event) => {
              renameCandidate(event.currentTarget.value);
              event.currentTarget.value = candidate.value.name;
            }}
          />
        </label>
        <button type="button" class="button" onClick={copyCandidate}>
          Copy as another
        </button>
        <button type="button" class="button" onClick={removeCandidate}>
          {candidates.value.length < 2 ? "Start anew" : "Remove"}
        </button>
      </div>
      <div class="row">
        {documents.length === 0 ? null : (
          <span class="faint">
            {counted(documents.length, "file")}: {documents.map((each) => each.name).join(", ")}
          </span>
        )}
        {documents.length === 0 ? null : (
          <button type="button" class="button" onClick={() => setDocuments([])}>
            Without files
          </button>
        )}
        <input
          ref={picker}
          type="file"
          hidden
          multiple
          accept=".json"
          aria-label="Files of the candidate"
          onChange={(event) => {
            void load(event.currentTarget.files);
            event.currentTarget.value = "";
          }}
        />
        <button
          type="button"
          class="button"
          title="AWS JSON of groups, or a Terraform plan (terraform show -json)"
          onClick={() => picker.current?.click()}
        >
          Load rules or a plan
        </button>
        <button type="button" class="button" disabled={!canUndo.value} onClick={undo}>
          Undo
        </button>
        <button type="button" class="button" disabled={!canRedo.value} onClick={redo}>
          Redo
        </button>
      </div>
    </div>
  );
}
