import { CAUSES } from "../../../analysis/summary.js";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS, SLOT } from "../../../model/timers.js";
import { GRADES, REASONS, verdictOf } from "../../../model/verdict.js";
import { CAUSE_MEANINGS, GRADE_MEANINGS, REASON_MEANINGS } from "../../../report/meanings.js";
import { counted, duration, grouped } from "../../../report/quantity.js";
import { Panel, Screen } from "../../parts/panel.js";
import { VerdictMark } from "../../parts/verdict-mark.js";

/** What a verdict means here, by which defaults, and what flow logs cannot show. */
export function MethodScreen() {
  return (
    <Screen
      title="Method and limits"
      about="How a record gets its verdict, what is taken for granted, and what no flow log can tell. docs/SEMANTICS.md has every claim with its source."
    >
      <Panel title="In short">
        <ol class="prose">
          <li>
            Records of an interface are joined into connections. Who opened one is settled by
            evidence in the log, never by the rules that are judged.
          </li>
          <li>
            The opening is put to all rules of all groups of the interface. Rules only allow: any
            match admits it, and all that match are named.
          </li>
          <li>
            The answer holds for the whole connection, replies included, as long as AWS's connection
            tracking would keep its entry.
          </li>
          <li>
            What cannot be decided is <VerdictMark verdict="unknown" /> with its reason. It is
            counted by itself, and never as allowed or denied.
          </li>
          <li>
            A candidate is judged on the same connections. Where either side is unknown, the change
            is undetermined.
          </li>
        </ol>
      </Panel>
      <div class="columns">
        <Meanings
          title="Reasons of a verdict"
          id="reasons"
          words={REASONS.map((reason) => [reason, REASON_MEANINGS[reason], verdictOf(reason)])}
        />
        <div class="stack">
          <Meanings
            title="Evidence of who opened"
            id="grades"
            words={GRADES.map((grade) => [grade, GRADE_MEANINGS[grade]])}
          />
          <Meanings
            title="Suspected causes of a disagreement"
            id="causes"
            words={CAUSES.flatMap((cause) =>
              cause === "" ? [] : [[cause, CAUSE_MEANINGS[cause]] as const],
            )}
          />
        </div>
      </div>
      <div class="columns">
        <Panel title="Defaults of this page">
          <dl class="pairs">
            <dt>TCP, established</dt>
            <dd>idle for {duration(DEFAULT_TIMERS.tcpEstablished)} at most</dd>
            <dt>TCP, opening or closing</dt>
            <dd>{duration(DEFAULT_TIMERS.tcpTransitory)}</dd>
            <dt>UDP</dt>
            <dd>
              {duration(DEFAULT_TIMERS.udp)}; both ways {duration(DEFAULT_TIMERS.udpStream)}
            </dd>
            <dt>ICMP, others</dt>
            <dd>
              {duration(DEFAULT_TIMERS.icmp)}; {duration(DEFAULT_TIMERS.other)}
            </dd>
            <dt>Look-ahead</dt>
            <dd>
              {counted(DEFAULT_LOOK_AHEAD.slots, "slot")} of {duration(SLOT)}, and{" "}
              {grouped(DEFAULT_LOOK_AHEAD.minRecords)} records at least
            </dd>
            <dt>Rules</dt>
            <dd>
              those of the time of each connection, where times are given; candidates are compared
              with those that hold last
            </dd>
          </dl>
          <p class="faint">Timers that describe-network-interfaces tells of an interface win.</p>
        </Panel>
        <Panel title="What flow logs cannot show">
          <ul class="prose">
            <li>Windows that AWS skipped (SKIPDATA), and interfaces without flow logs.</li>
            <li>
              Packets one by one: a record is a sum over a window, so whether a connection was idle
              too long can be told within the length of the window alone.
            </li>
            <li>ICMP types and codes; what a rule for one type admits stays open.</li>
            <li>
              What would have followed: a newly allowed connection is an attempt in the log, and
              nobody knows what it would have brought.
            </li>
            <li>
              Network ACLs, unless their documents are given: then they are a second, stateless
              stage.
            </li>
            <li>Traffic to the resolver, the metadata service and their like.</li>
            <li>
              Members of groups at the time of a record: they are taken as the documents have them.
            </li>
          </ul>
        </Panel>
        <Panel title="What this page keeps">
          <ul class="prose">
            <li>
              Sums and rows of openers are of the whole log. Single records are kept for the first
              two million or 768 MiB of them; screens that show records say so.
            </li>
            <li>
              An edit is judged on rows of openers: kinds of connections with their counts. Evidence
              that only single records hold, such as the moment an entry expired or the clients that
              a balancer admitted, is not in them.
            </li>
            <li>Nothing is stored, sent or looked up. A file is written only when you save one.</li>
          </ul>
        </Panel>
      </div>
    </Screen>
  );
}

function Meanings({
  title,
  id,
  words,
}: {
  readonly title: string;
  readonly id: string;
  readonly words: readonly (readonly [
    word: string,
    meaning: string,
    verdict?: "allow" | "deny" | "unknown",
  ])[];
}) {
  return (
    <Panel title={title}>
      <table class="table words" id={id}>
        <tbody>
          {words.map(([word, meaning, verdict]) => (
            <tr key={word}>
              <th scope="row">
                <code>{word}</code>
              </th>
              {verdict === undefined ? null : (
                <td>
                  <VerdictMark verdict={verdict} />
                </td>
              )}
              <td>{meaning}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
