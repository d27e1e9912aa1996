import type { Command } from "commander";
import type { Launch } from "../program.js";

/** The options of `snapshot` as commander hands them over. */
export interface SnapshotFlags {
  readonly output: string;
}

const EXAMPLES = `
Account, region and credentials are those that the AWS CLI would use: AWS_PROFILE, AWS_REGION. Needs the AWS SDK beside
flowverdict: npm install @aws-sdk/client-ec2. No call changes anything; docs/GUIDE.md has the policy that allows them.

Examples:
  flowverdict snapshot -o rules-2024-12-14
  flowverdict evaluate logs/ --rules rules-2024-12-14`;

/** `snapshot`: the rules of an account's region as they are now. */
export function addSnapshotCommand(program: Command, launch: Launch): void {
  const command = program
    .command("snapshot")
    .summary("fetch the rules of an account, read-only")
    .description(
      "Fetches every document that the rules are read from, with read-only calls, and keeps it as the AWS CLI prints it.",
    )
    .requiredOption("-o, --output <dir>", "folder to make; it appears when all is fetched")
    .addHelpText("after", EXAMPLES)
    .action((flags: SnapshotFlags) =>
      launch(command, async (terminal) => {
        const { runSnapshot } = await import("../snapshot/run-snapshot.js");
        return runSnapshot(flags, terminal);
      }),
    );
}
