// Build step: prints what the page shows before its scripts have run, as HTML: the page's own script (its path is the
// argument), run once on a document that only remembers what is put into it.

import { pathToFileURL } from "node:url";

const VOID = new Set(["br", "hr", "img", "input", "link", "meta"]);

function escaped(text) {
  return String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

class DrawnText {
  parentNode = null;

  constructor(data) {
    this.data = data;
  }

  get html() {
    return escaped(this.data);
  }
}

/** As much of an element as Preact asks for. */
class DrawnElement {
  parentNode = null;
  childNodes = [];
  style = {};
  attributes = new Map();
  ownerDocument = document;

  constructor(name, namespaceURI) {
    this.localName = name;
    this.namespaceURI = namespaceURI;
  }

  get firstChild() {
    return this.childNodes[0] ?? null;
  }

  insertBefore(node, before) {
    const at = before === null ? this.childNodes.length : this.childNodes.indexOf(before);
    this.childNodes.splice(at, 0, node);
    node.parentNode = this;
  }

  replaceChildren() {
    this.childNodes = [];
  }

  setAttribute(name, value) {
    this.attributes.set(name, value);
  }

  removeAttribute(name) {
    this.attributes.delete(name);
  }

  addEventListener() {}
  removeEventListener() {}

  get html() {
    // The policy forbids styles of single elements, so nothing of `style` could be shown.
    const attributes = [...this.attributes]
      .map(([name, value]) => ` ${name}="${value === true ? "" : escaped(value)}"`)
      .join("");
    const begin = `<${this.localName}${attributes}>`;
    return VOID.has(this.localName) ? begin : `${begin}${this.content}</${this.localName}>`;
  }

  get content() {
    return this.childNodes.map(({ html }) => html).join("");
  }
}

const events = { addEventListener() {}, removeEventListener() {} };
Object.assign(globalThis, {
  window: events,
  location: { hash: "", href: "" },
  document: {
    ...events,
    baseURI: import.meta.url,
    hidden: false,
    documentElement: { style: {} },
    createTextNode: (text) => new DrawnText(text),
    createElementNS: (namespace, name) => new DrawnElement(name, namespace),
    getElementById: () => page,
  },
  // Nothing is done after the first frame.
  requestAnimationFrame() {},
});
const page = new DrawnElement("div", "http://www.w3.org/1999/xhtml");
await import(pathToFileURL(process.argv[2]).href);
process.stdout.write(page.content, () => process.exit(0));
