// Files of pickers, drops and the clipboard, named as the command line would name them.

import type { GivenFile } from "../../protocol.js";

/** What a picker of files, or of a folder, has chosen. Names inside a folder are relative to it. */
export function filesOfPicker(chosen: FileList | null): readonly GivenFile[] {
  return Array.from(chosen ?? [], (file): GivenFile => {
    const inFolder = file.webkitRelativePath;
    const name = inFolder === "" ? file.name : inFolder.slice(inFolder.indexOf("/") + 1);
    return { name, content: file, explicit: inFolder === "" };
  }).filter(({ name }) => !isHidden(name));
}

/** Files and folders that were dropped, with all that is in them. */
export async function filesOfDrop(data: DataTransfer): Promise<readonly GivenFile[]> {
  // Entries must be taken before the first wait: afterwards the browser has forgotten them.
  const entries = Array.from(data.items, (item) => item.webkitGetAsEntry()).filter(
    (entry) => entry !== null,
  );
  const files: GivenFile[] = [];
  const folders: { readonly folder: FileSystemDirectoryEntry; readonly path: string }[] = [];
  for (const entry of entries) {
    if (isFolder(entry)) folders.push({ folder: entry, path: "" });
    else files.push({ name: entry.name, content: await fileOf(entry), explicit: true });
  }
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    const { folder, path } = next;
    for (const entry of await entriesOf(folder)) {
      const name = `${path}${entry.name}`;
      if (isHidden(name)) continue;
      if (isFolder(entry)) folders.push({ folder: entry, path: `${name}/` });
      else files.push({ name, content: await fileOf(entry), explicit: false });
    }
  }
  return files;
}

/** Pasted text, under a name that no file has. */
export function fileOfText(text: string, name: string): GivenFile {
  return { name, content: new Blob([text]), explicit: true };
}

function isHidden(name: string): boolean {
  return name.split("/").some((part) => part.startsWith("."));
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function fileOf(entry: FileSystemEntry): Promise<File> {
  return new Promise((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
}

/** A reader hands entries out in portions, the last of which is empty. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    const portion = await new Promise<readonly FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (portion.length === 0) return found;
    found.push(...portion);
  }
}
