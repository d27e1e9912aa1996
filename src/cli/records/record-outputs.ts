// Where judged records go, and which of them.

import { FlowError } from "../../errors.js";
import { VERDICTS, type Verdict } from "../../model/verdict.js";
import type { RecordsFormat } from "../../report/records-format.js";
import type { Terminal } from "../terminal.js";
import { recordsFormat } from "./record-format.js";
import type { RecordFlags, SelectionFlags } from "./record-options.js";

/** One target, and the verdict of the records that go there; undefined = all. */
export interface RecordOutput {
  readonly option: string;
  readonly path: string;
  readonly format: RecordsFormat;
  readonly verdict: Verdict | undefined;
}

/** The targets that the flags name. Throws where a name does not tell its form, and where two go to stdout. */
export function recordOutputs(flags: SelectionFlags, terminal: Terminal): readonly RecordOutput[] {
  const targets: readonly (readonly [string, string | undefined, Verdict | undefined])[] = [
    ["--records", flags.records, undefined],
    ...VERDICTS.map((verdict) => [`--${verdict}-out`, flags[`${verdict}Out`], verdict] as const),
  ];
  const outputs = targets.flatMap(([option, path, verdict]): RecordOutput[] => {
    if (path === undefined) return [];
    return [{ option, path, format: recordsFormat(path, flags.recordsFormat, terminal), verdict }];
  });
  const piped = outputs.filter(({ path }) => path === "-").map(({ option }) => option);
  if (piped.length > 1)
    throw new FlowError("outputs-shared", `${piped.join(" and ")} both write to stdout`, {
      hint: "one stream of records can have stdout: give the others files",
    });
  return outputs;
}

/** Whether the flags ask for records at all. */
export function isSelecting(flags: SelectionFlags): boolean {
  const { records, allowOut, denyOut, unknownOut, where, top } = flags;
  return [records, allowOut, denyOut, unknownOut, where, top].some((flag) => flag !== undefined);
}

/** Whether records have stdout, so that the answer goes to stderr. */
export function recordsArePiped(flags: SelectionFlags): boolean {
  return [flags.records, flags.allowOut, flags.denyOut, flags.unknownOut].includes("-");
}

/** Throws where `--where` would choose records that nobody asked for. */
export function refuseIdleWhere(flags: RecordFlags): void {
  if (flags.where === undefined || flags.records !== undefined) return;
  throw new FlowError("where-without-records", "--where chooses records, and none are written", {
    hint: "add --records FILE",
  });
}
