import { expect, it } from "vitest";
import { fileUri } from "../../src/report/sarif-uri.js";

it.each([
  ["rules/now.json", undefined, "rules/now.json", true],
  ["./rules//now.json", undefined, "rules/now.json", true],
  ["../shared/a b#1?.json", undefined, "../shared/a%20b%231%3F.json", true],
  ["a/../b.json", undefined, "b.json", true],
  ["100%:x.json", undefined, "100%25%3Ax.json", true],
  ["\ud800.json", undefined, "%EF%BF%BD.json", true],
  ["/repo/rules.json", "/repo", "rules.json", true],
  ["/repository/rules.json", "/repo", "file:///repository/rules.json", false],
  ["/repo", "/repo", "file:///repo", false],
  ["C:\\repo\\a b.json", "C:\\repo", "a%20b.json", true],
  ["C:\\other\\a.json", "C:\\repo", "file:///C:/other/a.json", false],
])("fileUri(%j, %j) is %s", (path, root, uri, isRelative) => {
  expect(fileUri(path, root)).toEqual({ uri, isRelative });
});
