// Times that AWS writes into names (aws facts 1.3).

function unixSeconds(groups: readonly (string | undefined)[]): number | undefined {
  const [year, month, day, hour = "00", minute = "00"] = groups;
  const text = `${year}-${month}-${day}T${hour}:${minute}:00Z`;
  const milliseconds = Date.parse(text);
  // Date.parse rolls 30 February over to March: such a name holds no date.
  if (Number.isNaN(milliseconds)) return undefined;
  if (!new Date(milliseconds).toISOString().startsWith(`${year}-${month}-${day}`)) return undefined;
  return milliseconds / 1000;
}

/**
 * The exact time in a delivered file's name, `ACCOUNT_vpcflowlogs_REGION_ID_YYYYMMDDTHHmmZ_HASH.log.gz`, as Unix
 * seconds: the file holds records that end in the five minutes from it on. `undefined` for any other name.
 */
export function deliveryTime(path: string): number | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const match = /_vpcflowlogs_.*_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z_[^_]+$/.exec(name);
  return match === null ? undefined : unixSeconds(match.slice(1));
}

/**
 * A time to put files in order by, Unix seconds: that of AWS's file name, else any `_YYYYMMDDTHHmmZ` in the name, else
 * the date of an S3 path, plain (`/2024/12/14/16/`) or Hive (`/year=2024/month=12/day=14/hour=16/`). Of the latter only
 * the order is meaningful.
 */
export function fileTime(path: string): number | undefined {
  const plain = path.replaceAll("\\", "/");
  const exact = deliveryTime(plain);
  if (exact !== undefined) return exact;
  const name = plain.slice(plain.lastIndexOf("/") + 1);
  const stamp = /(?:^|_)(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z(?:[_.]|$)/.exec(name);
  if (stamp !== null) return unixSeconds(stamp.slice(1));
  const hive = /(?:^|\/)year=(\d{4})\/month=(\d\d)\/day=(\d\d)(?:\/hour=(\d\d))?\//.exec(plain);
  if (hive !== null) return unixSeconds(hive.slice(1));
  const path4 = /(?:^|\/)(\d{4})\/(\d\d)\/(\d\d)(?:\/(\d\d))?\//.exec(plain);
  return path4 === null ? undefined : unixSeconds(path4.slice(1));
}
