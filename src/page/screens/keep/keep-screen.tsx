import { OnceRead } from "../../parts/empty.js";
import { HeldNote } from "../../parts/held-note.js";
import { Panel, Screen } from "../../parts/panel.js";
import { KeepAnonymous } from "./keep-anonymous.js";
import { KeepCandidate } from "./keep-candidate.js";
import { KeepFindings } from "./keep-findings.js";
import { KeepRecords } from "./keep-records.js";
import { KeepSession, OpenSession } from "./keep-session.js";

/** Everything that can be taken out of the page, as files of this machine. */
export function KeepScreen() {
  return (
    <Screen
      title="Keep"
      about="What the page found, as files on this machine. Nothing is stored unasked: what is not saved here is gone with the page."
    >
      <OnceRead>
        <HeldNote />
        <div class="columns">
          <Panel title="Findings">
            <KeepFindings />
          </Panel>
          <Panel title="Records">
            <KeepRecords />
          </Panel>
          <Panel title="Candidate">
            <KeepCandidate />
          </Panel>
          <Panel title="Session">
            <KeepSession />
          </Panel>
        </div>
        <Panel title="Without real addresses and names">
          <KeepAnonymous />
        </Panel>
      </OnceRead>
      <Panel title="Go on with a saved session">
        <OpenSession />
      </Panel>
    </Screen>
  );
}
