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

/** Seconds of end times that a delivered file covers (aws facts 1.3). */
const DELIVERY = 300;
/** Windows are at most ten minutes long and stamps a minute off; an hour leaves room for late delivery. */
const DELIVERY_MARGIN = 3600;
const DAY = 86_400;

/** Hive partitions: by year, month, day and hour, or by a date. */
const PARTITIONS: readonly (readonly [RegExp, number])[] = [
  [/(?:^|\/)year=(\d{4})\/month=(\d\d?)\/day=(\d\d?)\/hour=(\d\d?)\//, 3600],
  [/(?:^|\/)year=(\d{4})\/month=(\d\d?)\/day=(\d\d?)\//, DAY],
  [/(?:^|\/)(?:date|day|dt)=(\d{4})-(\d\d)-(\d\d)\//, DAY],
];

function partitionOf(
  path: string,
): { readonly time: number; readonly seconds: number } | undefined {
  for (const [form, seconds] of PARTITIONS) {
    const match = form.exec(path);
    if (match === null) continue;
    const time = unixSeconds(match.slice(1).map((part) => part.padStart(2, "0")));
    return time === undefined ? undefined : { time, seconds };
  }
  return undefined;
}

/**
 * Between which times (Unix seconds) a file's records may begin, by AWS's file name, else by a Hive partition in its
 * path, with room to spare: an hour, or for a partition a day, because nobody knows of which zone and which of a record's
 * times it is. `undefined` where the name tells nothing.
 */
export function spanOfName(
  path: string,
): { readonly from: number; readonly to: number } | undefined {
  const plain = path.replaceAll("\\", "/");
  const delivered = deliveryTime(plain);
  if (delivered !== undefined)
    return { from: delivered - DELIVERY_MARGIN, to: delivered + DELIVERY + DELIVERY_MARGIN };
  const partition = partitionOf(plain);
  if (partition === undefined) return undefined;
  const { time, seconds } = partition;
  return { from: time - DAY, to: time + seconds + DAY };
}

/**
 * A time to put files in order by, Unix seconds: that of AWS's file name, else any `_YYYYMMDDTHHmmZ` in the name, else
 * the date of an S3 path, Hive (`/year=2024/month=12/day=14/hour=16/`) or plain (`/2024/12/14/16/`). Of the latter only
 * the order is meaningful.
 */
export function fileTime(path: string): number | undefined {
  const plain = path.replaceAll("\\", "/");
  const exact = deliveryTime(plain);
  if (exact !== undefined) return exact;
  const name = plain.slice(plain.lastIndexOf("/") + 1);
  const stamp = /(?:^|_)(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z(?:[_.]|$)/.exec(name);
  if (stamp !== null) return unixSeconds(stamp.slice(1));
  const partition = partitionOf(plain);
  if (partition !== undefined) return partition.time;
  const path4 = /(?:^|\/)(\d{4})\/(\d\d)\/(\d\d)(?:\/(\d\d))?\//.exec(plain);
  return path4 === null ? undefined : unixSeconds(path4.slice(1));
}
