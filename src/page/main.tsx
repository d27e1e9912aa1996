import "./style/tokens.css";
import "./style/base.css";
import "./style/shell.css";
import "./style/parts.css";
import "./style/start.css";
import "./style/matrix.css";
import "./style/look.css";
import "./style/records.css";
import "./style/candidate.css";
import "./style/ledger.css";
import "./style/coverage.css";
import "./style/suggestions.css";
import { render } from "preact";
import { App } from "./shell/app.js";
import "./state/theme.js";

const page = document.getElementById("page")!;
// Where it was drawn ahead (draw.mjs), the same is put in its place before the next frame, and answers from now on.
page.replaceChildren();
render(<App />, page);
page.removeAttribute("inert");
