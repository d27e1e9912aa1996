// The AWS SDK, which is installed beside this package by those who need it, and loaded when the first s3:// is met.
import type { S3Client } from "@aws-sdk/client-s3";
import { FlowError } from "../../errors.js";

type Sdk = typeof import("@aws-sdk/client-s3");

export interface LoadedS3 {
  readonly sdk: Sdk;
  readonly client: S3Client;
}

async function load(): Promise<LoadedS3> {
  let sdk: Sdk;
  try {
    sdk = await import("@aws-sdk/client-s3");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new FlowError("sdk-missing", "reading s3:// takes the AWS SDK, which is not installed", {
      hint: "npm install @aws-sdk/client-s3 where flowverdict is installed, or copy the logs here: aws s3 sync s3://... logs/",
    });
  }
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL } = process.env;
  const client = new sdk.S3Client({
    // A bucket may be in another region than the one that is set.
    followRegionRedirects: true,
    // Servers that only speak S3 have no host name per bucket.
    forcePathStyle: (AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL) !== undefined,
  });
  return { sdk, client };
}

let loaded: Promise<LoadedS3> | undefined;

/**
 * The client, with credentials, region, endpoint and retries as the SDK finds them in the environment and in profiles; one
 * per process. Throws `sdk-missing`.
 */
export function s3Client(): Promise<LoadedS3> {
  loaded ??= load();
  return loaded;
}

/** What the SDK or the server says of a failure: `AccessDenied: Access Denied`. */
export function s3Reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message } = error;
  return name === "Error" || message.startsWith(name) ? message : `${name}: ${message}`;
}
