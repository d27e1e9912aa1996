// A report as the command line words it, as HTML. All text is set as text: whatever a log holds stays what it is.

import type { ComponentChildren } from "preact";
import type {
  Block,
  Cell,
  Column,
  Item,
  Places,
  ReportBody,
  Row,
  Section,
  Table,
} from "../../report/report-body.js";
import { Breakable } from "./breakable.js";
import { Panel } from "./panel.js";

export function CellView({ cell }: { readonly cell: Cell }) {
  if (typeof cell === "string") return <>{cell}</>;
  const { text, style, code } = cell;
  const shown = code === true ? <Code text={text} /> : text;
  return style === undefined || style === "plain" ? (
    shown
  ) : (
    <span class={`tone-${style}`}>{shown}</span>
  );
}

function codeOf(cell: Cell): Cell {
  return typeof cell === "string" ? { text: cell, code: true } : { ...cell, code: true };
}

function Code({ text }: { readonly text: string }) {
  return (
    <code>
      <Breakable text={text} />
    </code>
  );
}

export function Detail({ detail }: { readonly detail: Cell | Places }) {
  if (typeof detail === "object" && "places" in detail)
    return (
      <div>
        <code>{detail.places.join("  ")}</code>
      </div>
    );
  return (
    <div>
      <CellView cell={detail} />
    </div>
  );
}

/** Characters up to which cells stay on one line: a time or a count is not read in pieces. */
const ONE_LINE = 24;

/** The class of each column. */
function kindsOf({ columns, rows }: Table): readonly string[] {
  return columns.map(({ title, align }, i) => {
    if (align === "right") return "num";
    if (title === "") return "sign";
    const isShort = rows.every(({ cells }) => lengthOf(cells[i]) <= ONE_LINE);
    return isShort ? "nowrap" : "end";
  });
}

function lengthOf(cell: Cell | undefined): number {
  if (cell === undefined) return 0;
  return typeof cell === "string" ? cell.length : cell.text.length;
}

function RowView({
  row: { cells, details = [] },
  columns,
  kinds,
}: {
  readonly row: Row;
  readonly columns: readonly Column[];
  readonly kinds: readonly string[];
}) {
  return (
    <>
      <tr class={details.length > 0 ? "has-details" : undefined}>
        {cells.map((cell, i) => {
          const isCode = columns[i]?.code === true;
          return (
            <td key={i} class={kinds[i]}>
              <CellView cell={isCode ? codeOf(cell) : cell} />
            </td>
          );
        })}
      </tr>
      {details.length === 0 ? null : (
        <tr>
          <td colSpan={columns.length}>
            <div class="details">
              {details.map((detail, at) => (
                <Detail key={at} detail={detail} />
              ))}
            </div>
          </td>
        </tr>
      )}
    </>
  );
}

function TableView({ table }: { readonly table: Table }) {
  const { columns, rows, none, foot } = table;
  if (rows.length === 0 && none !== undefined) return <p>{none}</p>;
  const kinds = kindsOf(table);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div class="scroll" tabIndex={0}>
        <table class="table table-told">
          <thead>
            <tr>
              {columns.map(({ title }, i) => (
                <th key={title} class={kinds[i]} scope="col">
                  {title === "" ? <span class="hidden">mark</span> : title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, number) => (
              <RowView key={number} row={row} columns={columns} kinds={kinds} />
            ))}
          </tbody>
        </table>
      </div>
      {foot?.map((text) => (
        <p key={text} class="faint">
          {text}
        </p>
      ))}
    </>
  );
}

function ItemView({ item }: { readonly item: Item }) {
  const { mark, text, details = [] } = item;
  return (
    <li class="list-item">
      <span aria-hidden="true">{mark === undefined ? "•" : <CellView cell={mark} />}</span>
      <div>
        <CellView cell={text} />
      </div>
      {details.map((detail, at) => (
        <div key={at} class="faint">
          <CellView cell={detail} />
        </div>
      ))}
    </li>
  );
}

export function BlockView({ block }: { readonly block: Block }): ComponentChildren {
  switch (block.kind) {
    case "paragraph":
      return (
        <p>
          <CellView cell={block.text} />
        </p>
      );
    case "note":
      return (
        <p>
          <strong>
            <CellView cell={block.text} />
          </strong>
        </p>
      );
    case "lines":
      return (
        <div>
          {block.lines.map((line, at) => (
            <div key={at}>
              <CellView cell={line} />
            </div>
          ))}
        </div>
      );
    case "pairs":
      return (
        <dl class="pairs">
          {block.pairs.map(([label, value], at) => (
            <Pair key={at} label={label} value={value} />
          ))}
        </dl>
      );
    case "table":
      return <TableView table={block} />;
    case "list":
      return (
        <ul class="list">
          {block.items.map((item, at) => (
            <ItemView key={at} item={item} />
          ))}
        </ul>
      );
    case "code":
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <pre class="code" tabIndex={0}>
          {block.lines.join("\n")}
        </pre>
      );
  }
}

function Pair({ label, value }: { readonly label: string; readonly value: Cell }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <CellView cell={value} />
      </dd>
    </>
  );
}

export function Blocks({ blocks }: { readonly blocks: readonly Block[] }) {
  return (
    <>
      {blocks.map((block, at) => (
        <BlockView key={at} block={block} />
      ))}
    </>
  );
}

export function SectionView({ section }: { readonly section: Section }) {
  return (
    <Panel title={section.heading}>
      <Blocks blocks={section.blocks} />
    </Panel>
  );
}

/** A whole report: what answers the question, then its sections. */
export function BodyView({ body }: { readonly body: ReportBody }) {
  return (
    <>
      {body.lead.length === 0 ? null : (
        <div class="stack">
          <Blocks blocks={body.lead} />
        </div>
      )}
      {body.sections.map((section) => (
        <SectionView key={section.heading} section={section} />
      ))}
    </>
  );
}
