import { Fragment } from "preact";

/** An id or a path: on two lines it is read best where its parts stay whole. */
export function Breakable({ text }: { readonly text: string }) {
  return (
    <>
      {text.split(/(?<=\/)/).map((part, i) => (
        <Fragment key={i}>
          {part}
          <wbr />
        </Fragment>
      ))}
    </>
  );
}
