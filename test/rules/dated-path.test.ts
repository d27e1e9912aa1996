import { expect, test } from "vitest";
import { splitDatedPath } from "../../src/rules/index.js";

test.each<[string, string, number]>([
  ["rules", "rules", 0],
  ["rules@2024-12-14T16:25:12Z", "rules", 1734193512],
  ["rules@2024-12-14T16:25Z", "rules", 1734193500],
  ["rules@2024-12-14 16:25:12.75", "rules", 1734193512],
  ["rules@2024-12-14T18:25:12+02:00", "rules", 1734193512],
  ["rules@2024-12-14", "rules", 1734134400],
  ["rules@1734193512", "rules", 1734193512],
  ["rules@999999999", "rules", 999999999],
  ["a@b/c@d.json@1734193512", "a@b/c@d.json", 1734193512],
  ["rules@1734193512@2024-12-14", "rules@1734193512", 1734134400],
  // The last @ behind which a time stands: what follows belongs to no time, so an earlier one cannot split either.
  ["rules@1734193512@old", "rules@1734193512@old", 0],
  ["rules@2", "rules@2", 0],
  ["rules@20241214", "rules@20241214", 0],
  ["rules@", "rules@", 0],
  ["@2024-12-14", "@2024-12-14", 0],
  ["@scope/rules@2024-12-14", "@scope/rules", 1734134400],
  ["rules@2024-02-30", "rules@2024-02-30", 0],
  ["rules@2024-13-01", "rules@2024-13-01", 0],
  ["rules@2024-12-14T25:00Z", "rules@2024-12-14T25:00Z", 0],
  ["rules@4294967296", "rules@4294967296", 0],
  ["rules@1960-01-01", "rules@1960-01-01", 0],
  ["rules@-1734193512", "rules@-1734193512", 0],
  ["", "", 0],
])("%s", (text, path, from) => {
  expect(splitDatedPath(text)).toEqual({ path, from });
});
