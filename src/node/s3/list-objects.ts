// The objects below a prefix.
import type { ListObjectsV2CommandOutput } from "@aws-sdk/client-s3";
import { FlowError } from "../../errors.js";
import { type LoadedS3, s3Client, s3Reason } from "./s3-client.js";
import { type S3Place, s3Path, s3Place } from "./s3-place.js";

export interface S3Object {
  /** `s3://bucket/key`. */
  readonly path: string;
  readonly size: number;
  /** Changes with the object's content. */
  readonly tag: string;
}

function unlistable(path: string, error: unknown): FlowError {
  return new FlowError("input-unreadable", `cannot be listed: ${s3Reason(error)}`, {
    at: path,
    hint: "credentials, region and endpoint are those of the AWS SDK: AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL_S3; needed is s3:ListBucket",
  });
}

async function page(
  path: string,
  { bucket, key }: S3Place,
  after: string | undefined,
): Promise<ListObjectsV2CommandOutput> {
  const { sdk, client }: LoadedS3 = await s3Client();
  const input = { Bucket: bucket, Prefix: key, ContinuationToken: after };
  return client.send(new sdk.ListObjectsV2Command(input)).catch((error: unknown) => {
    throw unlistable(path, error);
  });
}

/** What stands for a folder, and what is hidden below the prefix. */
function isLeftOut(key: string, prefix: string): boolean {
  return key.endsWith("/") || /(^|\/)\./.test(key.slice(prefix.lastIndexOf("/") + 1));
}

/**
 * All objects whose keys begin as `s3://bucket/prefix` says, page by page; an object that is called exactly so stands
 * alone. Throws `sdk-missing`, `input-unreadable`.
 */
export async function* listObjects(path: string): AsyncGenerator<S3Object> {
  const place = s3Place(path);
  let after: string | undefined;
  do {
    const { Contents = [], NextContinuationToken } = await page(path, place, after);
    for (const { Key: key, Size: size = 0, ETag: tag = "" } of Contents) {
      if (key === undefined || (isLeftOut(key, place.key) && key !== place.key)) continue;
      if (key === place.key && size === 0 && key.endsWith("/")) continue;
      yield { path: s3Path({ ...place, key }), size, tag };
      // Keys come in order: the prefix itself is the first of all that begin so.
      if (key === place.key) return;
    }
    after = NextContinuationToken;
  } while (after !== undefined);
}
