// Places in S3 as they are named on the command line.
import { noSuchInput } from "../path-kind.js";

const SCHEME = "s3://";

export interface S3Place {
  readonly bucket: string;
  /** The key of an object, or what the keys of several begin with; may be empty. */
  readonly key: string;
}

/** Whether a path names a place in S3. */
export function isS3(path: string): boolean {
  return path.startsWith(SCHEME);
}

/** Bucket and key of `s3://bucket/key`. Throws `no-such-input` for anything else. */
export function s3Place(path: string): S3Place {
  const rest = path.slice(SCHEME.length);
  const slash = rest.indexOf("/");
  const bucket = slash < 0 ? rest : rest.slice(0, slash);
  if (!isS3(path) || bucket === "")
    throw noSuchInput(path, "names no bucket", "write s3://bucket/prefix");
  return { bucket, key: slash < 0 ? "" : rest.slice(slash + 1) };
}

/** The path of an object. */
export function s3Path({ bucket, key }: S3Place): string {
  return `${SCHEME}${bucket}/${key}`;
}
