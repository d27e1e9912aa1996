// Takes a picture of every screen of the built page, in both colours and two sizes, into build/screenshots: for whoever
// has changed one and is about to look at them all. `npm run screenshots`, or with a part of the names wanted.

import { runnerImport } from "vite";

const { module } = await runnerImport(new URL("screenshots.ts", import.meta.url).pathname, {
  configFile: false,
});
await module.takeScreenshots(process.argv.slice(2));
