import type { FunctionComponent } from "preact";
import { CandidateScreen } from "../screens/candidate/candidate-screen.js";
import { CoverageScreen } from "../screens/coverage/coverage-screen.js";
import { FidelityScreen } from "../screens/fidelity/fidelity-screen.js";
import { KeepScreen } from "../screens/keep/keep-screen.js";
import { LedgerScreen } from "../screens/ledger/ledger-screen.js";
import { LintScreen } from "../screens/lint/lint-screen.js";
import { MethodScreen } from "../screens/method/method-screen.js";
import { OverviewScreen } from "../screens/overview/overview-screen.js";
import { PeersScreen } from "../screens/peers/peers-screen.js";
import { RecordsScreen } from "../screens/records/records-screen.js";
import { StartScreen } from "../screens/start/start-screen.js";
import { SuggestionsScreen } from "../screens/suggestions/suggestions-screen.js";

/** One screen: the first part of its address, its name, and what stands there. */
export interface ScreenEntry {
  readonly id: string;
  readonly title: string;
  readonly view: FunctionComponent;
}

export interface ScreenGroup {
  readonly heading: string;
  readonly screens: readonly ScreenEntry[];
}

const START: ScreenEntry = { id: "start", title: "Rules and logs", view: StartScreen };

/** In the order of the work: give, look, change, keep. A new screen is one line here. */
export const SCREENS: readonly ScreenGroup[] = [
  { heading: "Inputs", screens: [START] },
  {
    heading: "Look",
    screens: [
      { id: "overview", title: "Overview", view: OverviewScreen },
      { id: "coverage", title: "Coverage", view: CoverageScreen },
      { id: "fidelity", title: "Fidelity", view: FidelityScreen },
      { id: "peers", title: "Peers", view: PeersScreen },
      { id: "records", title: "Records", view: RecordsScreen },
    ],
  },
  {
    heading: "Rules",
    screens: [
      { id: "ledger", title: "Rule ledger", view: LedgerScreen },
      { id: "lint", title: "Lint", view: LintScreen },
    ],
  },
  {
    heading: "Change",
    screens: [
      { id: "candidate", title: "Candidate", view: CandidateScreen },
      { id: "suggestions", title: "Suggestions", view: SuggestionsScreen },
    ],
  },
  {
    heading: "Keep",
    screens: [
      { id: "keep", title: "Keep", view: KeepScreen },
      { id: "method", title: "Method and limits", view: MethodScreen },
    ],
  },
];

export function screenOf(id: string): ScreenEntry {
  return SCREENS.flatMap(({ screens }) => screens).find((screen) => screen.id === id) ?? START;
}
