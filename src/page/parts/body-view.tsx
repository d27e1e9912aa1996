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
import { Panel } from "./panel.js";

export function CellView({ cell }: { readonly cell: Cell }) {
  if (typeof cell === "string") return <>{cell}</>;
  const { text, style, code } = cell;
  const shown = code === true ? <code>{text}</code> : text;
  return style === undefined || style === "plain" ? (
    shown
  ) : (
    <span class={`tone-${style}`}>{shown}</span>
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

function kindOf(column: Column | undefined): string {
  return column?.align === "right" ? "num" : "end";
}

function RowView({
  row: { cells, details = [] },
  columns,
}: {
  readonly row: Row;
  readonly columns: readonly Column[];
}) {
  return (
    <>
      <tr class={details.length > 0 ? "has-details" : undefined}>
        {cells.map((cell, i) => {
          const column = columns[i];
          const shown = <CellView cell={cell} />;
          return (
            <td key={i} class={kindOf(column)}>
              {column?.code === true ? <code>{shown}</code> : shown}
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
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div class="scroll" tabIndex={0}>
        <table class="table">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.title} class={kindOf(column)} scope="col">
                  {column.title === "" ? <span class="hidden">mark</span> : column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, number) => (
              <RowView key={number} row={row} columns={columns} />
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
      <div class="stack">
        <Blocks blocks={body.lead} />
      </div>
      {body.sections.map((section) => (
        <SectionView key={section.heading} section={section} />
      ))}
    </>
  );
}
