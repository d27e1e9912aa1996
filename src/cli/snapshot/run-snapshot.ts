// The work of `snapshot`: every answer that the rules are read from, in a folder that appears whole or not at all.

import { join } from "node:path";
import { FlowError } from "../../errors.js";
import { writeAtomically, writeFolder } from "../../node/index.js";
import { counted } from "../../report/quantity.js";
import {
  listEntriesFile,
  SNAPSHOT_NOTE_FILE,
  snapshotNote,
  staleGroupsFile,
  WHOLE_ANSWERS,
} from "../../rules/index.js";
import type { SnapshotFlags } from "../commands/snapshot.js";
import { EXIT_OK } from "../exit-code.js";
import { allOrNothing } from "../interrupt.js";
import type { Terminal } from "../terminal.js";
import { callError, deniedError, isDenied } from "./aws-failure.js";
import {
  type Ec2Call,
  type Ec2Session,
  LIST_ENTRIES,
  STALE_GROUPS,
  WHOLE_CALLS,
} from "./ec2-calls.js";
import { fetchAnswer } from "./fetch-answer.js";
import { openSession } from "./open-session.js";

/** Runs `snapshot` and gives its exit code; what was refused is thrown. */
export async function runSnapshot({ output }: SnapshotFlags, terminal: Terminal): Promise<number> {
  return allOrNothing(terminal, async (signal) => {
    const said = await writeFolder(output, FILLED, async (folder) => {
      const session = await openSession(signal);
      try {
        return await new Snapshot(session, folder, terminal).take();
      } finally {
        session.client.destroy();
      }
    });
    terminal.say(`${said} in ${output}`);
    return EXIT_OK;
  });
}

const FILLED =
  "choose another --output: snapshots of several times make a history (--rules FOLDER@TIME)";

/** One run through all calls. */
class Snapshot {
  readonly #session: Ec2Session;
  readonly #folder: string;
  readonly #terminal: Terminal;
  /** Ids by what they are of: VPCs and prefix lists are asked about one by one. */
  readonly #ids = { VpcId: new Set<string>(), PrefixListId: new Set<string>() };
  readonly #denied = new Map<string, { readonly command: string; readonly error: unknown }>();
  #items = 0;
  #calls = 0;

  constructor(session: Ec2Session, folder: string, terminal: Terminal) {
    this.#session = session;
    this.#folder = folder;
    this.#terminal = terminal;
  }

  /** Asks for everything; gives what came in a few words. */
  async take(): Promise<string> {
    const taken = new Date();
    for (const { kind, file } of WHOLE_ANSWERS)
      await this.#keep(WHOLE_CALLS.get(kind)!, {}, file, `aws ec2 ${kind}`);
    for (const id of [...this.#ids.VpcId].sort())
      await this.#keep(
        STALE_GROUPS,
        { VpcId: id },
        staleGroupsFile(id),
        `aws ec2 describe-stale-security-groups --vpc-id ${id}`,
      );
    for (const id of [...this.#ids.PrefixListId].sort())
      await this.#keep(
        LIST_ENTRIES,
        { PrefixListId: id },
        listEntriesFile(id),
        `aws ec2 get-managed-prefix-list-entries --prefix-list-id ${id}`,
      );
    const [first] = this.#denied.values();
    if (first !== undefined) throw deniedError([...this.#denied.keys()], first);
    const region = await this.#session.client.config.region();
    await writeAtomically(join(this.#folder, SNAPSHOT_NOTE_FILE), snapshotNote(taken, region));
    return `${counted(this.#items, "thing")} of ${region} by ${counted(this.#calls, "command")}`;
  }

  /** One answer into its file. A refused call is noted, so that all of them can be told at once. */
  async #keep<I>(call: Ec2Call<I>, input: I, file: string, command: string): Promise<void> {
    if (this.#denied.has(call.action)) return;
    if (this.#terminal.verbose) this.#terminal.say(command);
    try {
      await writeAtomically(join(this.#folder, file), async (write) => {
        this.#items += await fetchAnswer(this.#session, call, input, write, (item) =>
          this.#noteIds(item, call.list),
        );
      });
      this.#calls++;
    } catch (error) {
      if (error instanceof FlowError || this.#session.signal.aborted) throw error;
      if (!isDenied(error)) throw callError({ command, error });
      this.#denied.set(call.action, { command, error });
    }
  }

  #noteIds(item: Readonly<Record<string, unknown>>, list: string): void {
    const { VpcId: vpc, PrefixListId: prefixList } = item;
    if (list === "Vpcs" && isFileName(vpc)) this.#ids.VpcId.add(vpc);
    if (list === "PrefixLists" && isFileName(prefixList)) this.#ids.PrefixListId.add(prefixList);
  }
}

/** Ids become names of files: an answer is input like any other. */
function isFileName(id: unknown): id is string {
  return typeof id === "string" && /^[a-z]+-[0-9a-z]{1,60}$/.test(id);
}
