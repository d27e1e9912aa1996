import type { RecordFilter } from "../../analysis/index.js";
import { FlowError } from "../../errors.js";
import type { RuleSet } from "../../model/rule-set.js";

/** The options of `evaluate` that choose records. */
export interface FilterFlags {
  readonly from?: number;
  readonly to?: number;
  readonly group?: readonly string[];
  readonly vpc?: readonly string[];
}

/** The filter that the options make; `undefined` = every record passes. Throws where no time can pass. */
export function filterOf(
  flags: FilterFlags,
  interfaces: readonly string[],
): RecordFilter | undefined {
  if (flags.from !== undefined && flags.to !== undefined && flags.from >= flags.to)
    throw new FlowError("filter-empty", `--from ${flags.from} is not before --to ${flags.to}`, {
      hint: "--to is the first second that no longer counts: write a later one",
    });
  const filter: RecordFilter = {
    ...(flags.from === undefined ? {} : { from: flags.from }),
    ...(flags.to === undefined ? {} : { to: flags.to }),
    ...(interfaces.length === 0 ? {} : { interfaces }),
    ...(flags.group === undefined ? {} : { groups: flags.group }),
    ...(flags.vpc === undefined ? {} : { vpcs: flags.vpc }),
  };
  return Object.keys(filter).length === 0 ? undefined : filter;
}

/** What a filter names that no interface of the rules has: such a filter lets nothing through, or less than meant. */
export function strangersOf(filter: RecordFilter, { interfaces, attach }: RuleSet): string[] {
  const groups = new Set(attach);
  const vpcs = new Set<string>();
  for (const { groupIds, vpcId } of interfaces.values()) {
    for (const id of groupIds) groups.add(id);
    if (vpcId !== undefined) vpcs.add(vpcId);
  }
  const strange = (
    option: string,
    wanted: readonly string[] | undefined,
    known: ReadonlySet<string>,
    what: string,
  ): string[] =>
    (wanted ?? []).filter((id) => !known.has(id)).map((id) => `${option} ${id}: ${what}`);
  return [
    ...strange("--group", filter.groups, groups, "no interface of the rules carries this group"),
    ...strange("--vpc", filter.vpcs, vpcs, "no interface of the rules is in this VPC"),
  ];
}
