import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inFolder, runCli } from "./run-cli.js";

const ACCOUNT = ["--rules", "examples/account"];
const FLOW = "eni-0e5f910994ab6bda1 ingress tcp 10.0.0.70:* -> :5432";
const LINE =
  "2 111122223333 eni-0e5f910994ab6bda1 10.0.0.70 10.0.0.40 53375 5432 6 25 7593 1772409605 1772409618 ACCEPT OK";

interface Seen {
  readonly role: string | null;
  readonly connections: number;
  readonly verdict: string;
  readonly samples: readonly { readonly file: string; readonly line: number }[];
}

interface Answer {
  readonly flows: readonly {
    readonly verdict: string;
    readonly flow: { readonly direction: string; readonly clientPort: number | null };
    readonly seen: readonly Seen[] | null;
  }[];
  readonly coverage: object;
}

async function ask(args: readonly string[]): Promise<Answer> {
  const found = await runCli(["why", ...args, ...ACCOUNT, "--json"]);
  expect(found.stderr).not.toContain("flowverdict:");
  expect(found.code).toBe(0);
  return JSON.parse(found.stdout) as Answer;
}

function withSummary<T>(work: (day: string) => Promise<T>): Promise<T> {
  return inFolder(async (folder) => {
    const day = join(folder, "day.fvs");
    await runCli(["summarize", "examples/logs", ...ACCOUNT, "-o", day]);
    return work(day);
  });
}

describe("why over summaries", () => {
  it("says of a flow what was seen of it, as the logs say", async () => {
    await withSummary(async (day) => {
      const stored = await ask(["--flow", FLOW, "--from", day]);
      const logs = await ask(["--flow", FLOW, "--context", "examples/logs"]);
      expect(stored.flows).toEqual(logs.flows);
      expect(stored.flows[0]!.seen).toMatchObject([
        { role: null, connections: 6, verdict: "deny" },
      ]);
      const alone = await runCli(["why", "--flow", FLOW, ...ACCOUNT, "--json"]);
      const [flow] = (JSON.parse(alone.stdout) as Answer).flows;
      expect(flow).toEqual({ ...stored.flows[0]!, seen: null });
    });
  });

  it("finds the opening of a line, whichever side sent it, and of a sample whose log is gone", async () => {
    await withSummary(async (day) => {
      const forward = await ask([LINE, "--from", day]);
      expect(forward.flows).toMatchObject([
        {
          verdict: "deny",
          flow: { direction: "ingress", clientPort: 53375 },
          seen: [{ role: "forward" }],
        },
      ]);
      const answer = LINE.replace(
        "10.0.0.70 10.0.0.40 53375 5432",
        "10.0.0.40 10.0.0.70 5432 53375",
      );
      const reply = await ask([answer, "--from", day]);
      expect(reply.flows).toMatchObject([
        { flow: forward.flows[0]!.flow, seen: [{ role: "reply" }] },
      ]);
      const [sample] = forward.flows[0]!.seen![0]!.samples;
      const gone = await ask([`${sample!.file}:${sample!.line}`, "--from", day]);
      expect(gone.flows[0]!.seen![0]!.samples).toContainEqual(sample);
      expect(await readdir("examples")).not.toContain(sample!.file);
    });
  });

  it("refuses what a summary does not tell", async () => {
    await withSummary(async (day) => {
      const nothing = LINE.replace("10.0.0.70", "10.0.0.99");
      const dated = "examples/groups-with-batch.json@2026-03-02T00:15:00Z";
      for (const [code, ...args] of [
        ["opener-missing", nothing, "--from", day, ...ACCOUNT],
        ["record-missing", "no-such.log.gz:17", "--from", day, ...ACCOUNT],
        ["summary-undated", "--flow", FLOW, "--from", day, ...ACCOUNT, dated],
      ]) {
        const refused = await runCli(["why", ...args]);
        expect(refused.stderr).toContain(code);
        expect(refused.code).toBe(2);
      }
    });
  });
});
