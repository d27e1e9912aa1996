// What the SDK throws, as what happened and what to do.
import { FlowError } from "../../errors.js";

/** The command that would have failed alike. */
interface Failed {
  readonly command: string;
  readonly error: unknown;
}

const DENIED: ReadonlySet<string> = new Set([
  "UnauthorizedOperation",
  "AccessDenied",
  "AccessDeniedException",
]);

/** By the name of the error or the code of the system: what to do. */
const HINTS: readonly (readonly [names: RegExp, hint: string])[] = [
  [
    /^(CredentialsProviderError|TokenProviderError|.*ExpiredToken.*|RequestExpired)$/,
    "sign in (aws sso login, or new keys) and choose the profile with AWS_PROFILE; the SDK looks where the AWS CLI does",
  ],
  [
    /^(AuthFailure|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|IncompleteSignature)$/,
    "AWS does not accept these keys: check AWS_PROFILE, the region (AWS_REGION) and the clock of this machine",
  ],
  [/^OptInRequired$/, "the account has no EC2 in this region: choose another with AWS_REGION"],
  [
    /^(RequestLimitExceeded|Throttling|ThrottlingException)$/,
    "AWS throttles this account: try again later, or with AWS_MAX_ATTEMPTS=10 and AWS_RETRY_MODE=adaptive",
  ],
  [
    /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|TimeoutError)$/,
    "AWS cannot be reached: check the network, HTTPS_PROXY, AWS_REGION and AWS_ENDPOINT_URL",
  ],
];

/** Whether AWS refused the call because the permission lacks. */
export function isDenied(error: unknown): boolean {
  return error instanceof Error && DENIED.has(error.name);
}

/** All calls that were refused, as one error: whoever adds a permission wants to know of all. */
export function deniedError(actions: readonly string[], first: Failed): FlowError {
  const names = actions.map((action) => `ec2:${action}`).join(", ");
  return new FlowError("aws-denied", `AWS does not allow ${names}: ${messageOf(first.error)}`, {
    at: first.command,
    hint: "allow these actions, which only read, to who you are there: docs/GUIDE.md has the whole policy (A snapshot of the account)",
  });
}

/** Any other failure of a call. */
export function callError({ command, error }: Failed): FlowError {
  const message = messageOf(error);
  if (/region (is missing|not accepted)/i.test(message))
    return new FlowError("aws-failed", message, {
      at: command,
      hint: "choose one with AWS_REGION, or with AWS_PROFILE a profile that has one",
    });
  const names = error instanceof Error ? [error.name, codeOf(error)] : [];
  const hint = HINTS.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
  const name = names[0] === "Error" ? names[1] : names[0];
  return new FlowError("aws-failed", name ? `${name}: ${message}` : message, {
    at: command,
    hint: hint ?? "AWS or its SDK says so; the same command of the AWS CLI may tell more",
  });
}

/** Several addresses that were tried fail as one error without a message. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "")
    return error.errors.map(messageOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}

function codeOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === "string" ? code : "";
}
