import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { GATE_KINDS } from "../../src/questions/index.js";
import { gateAsSarif } from "../../src/report/sarif.js";
import { gateCase } from "../questions/gate-case.js";

const MESSAGE = {
  type: "object",
  required: ["text"],
  additionalProperties: false,
  properties: { text: { type: "string", minLength: 1 } },
};
const LOCATION = {
  type: "object",
  required: ["physicalLocation"],
  additionalProperties: false,
  properties: {
    id: { type: "integer", minimum: 0 },
    message: MESSAGE,
    physicalLocation: {
      type: "object",
      required: ["artifactLocation", "region"],
      additionalProperties: false,
      properties: {
        artifactLocation: {
          type: "object",
          required: ["uri"],
          additionalProperties: false,
          properties: {
            // The characters of RFC 3986; percent signs only as escapes.
            uri: { type: "string", pattern: "^([A-Za-z0-9._~:/?#@!$&'()*+,;=-]|%[0-9A-F]{2})+$" },
            uriBaseId: { const: "%SRCROOT%" },
          },
        },
        region: {
          type: "object",
          required: ["startLine", "startColumn"],
          additionalProperties: false,
          properties: {
            startLine: { type: "integer", minimum: 1 },
            startColumn: { type: "integer", minimum: 1 },
          },
        },
      },
    },
  },
};
const LEVEL = { enum: ["error", "warning", "note"] };

/** What of SARIF 2.1.0 a gate uses, and nothing beside. */
const SHAPE = {
  type: "object",
  required: ["$schema", "version", "runs"],
  additionalProperties: false,
  properties: {
    $schema: { type: "string" },
    version: { const: "2.1.0" },
    runs: {
      type: "array",
      minItems: 1,
      maxItems: 1,
      items: {
        type: "object",
        required: ["tool", "results"],
        additionalProperties: false,
        properties: {
          tool: {
            type: "object",
            required: ["driver"],
            additionalProperties: false,
            properties: {
              driver: {
                type: "object",
                required: ["name", "version", "rules"],
                additionalProperties: false,
                properties: {
                  name: { const: "flowverdict" },
                  version: { type: "string" },
                  semanticVersion: { type: "string", pattern: "^\\d+\\.\\d+\\.\\d+" },
                  rules: {
                    type: "array",
                    uniqueItems: true,
                    items: {
                      type: "object",
                      required: ["id", "name", "shortDescription", "defaultConfiguration"],
                      additionalProperties: false,
                      properties: {
                        id: { type: "string" },
                        name: { type: "string", pattern: "^[A-Z][A-Za-z]+$" },
                        shortDescription: MESSAGE,
                        defaultConfiguration: {
                          type: "object",
                          required: ["level"],
                          additionalProperties: false,
                          properties: { level: LEVEL },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
          automationDetails: {
            type: "object",
            required: ["id"],
            additionalProperties: false,
            properties: { id: { type: "string" } },
          },
          columnKind: { const: "utf16CodeUnits" },
          results: {
            type: "array",
            items: {
              type: "object",
              required: ["ruleId", "ruleIndex", "level", "message", "locations"],
              additionalProperties: false,
              properties: {
                ruleId: { enum: GATE_KINDS },
                ruleIndex: { type: "integer", minimum: 0 },
                level: LEVEL,
                message: MESSAGE,
                locations: { type: "array", items: LOCATION },
                relatedLocations: {
                  type: "array",
                  items: LOCATION,
                  uniqueItems: true,
                  minItems: 1,
                },
                partialFingerprints: { type: "object", additionalProperties: { type: "string" } },
                properties: { type: "object" },
              },
            },
          },
          properties: { type: "object" },
        },
      },
    },
  },
};

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: unknown;
      readonly region: unknown;
    };
  }[];
}

function resultsOf(sarif: Record<string, unknown>): readonly Result[] {
  return (sarif as { runs: [{ results: Result[] }] }).runs[0].results;
}

describe("gateAsSarif", () => {
  const sarif = gateAsSarif(gateCase({ openersDropped: 2 }));

  it("has the shape of SARIF 2.1.0", () => {
    const validate = new Ajv({ strict: false }).compile(SHAPE);
    validate(JSON.parse(JSON.stringify(sarif)));
    expect(validate.errors).toBeNull();
  });

  it("lists every rule that a result names, at its index", () => {
    for (const { ruleId, ruleIndex } of resultsOf(sarif))
      expect(GATE_KINDS[ruleIndex]).toBe(ruleId);
  });

  it("anchors a finding to the line of its rule, relative to the repository", () => {
    expect(resultsOf(sarif)[0]?.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: "new%20rules/groups.json", uriBaseId: "%SRCROOT%" },
          region: { startLine: 10, startColumn: 7 },
        },
      },
    ]);
  });

  it("makes absolute files inside the root relative, and leaves others absolute", () => {
    const result = gateCase();
    const [finding] = result.findings;
    const at = (file: string) => ({ ...finding!, at: { file, line: 1, column: 1 }, related: [] });
    const findings = [at("/home/ci/repo/a/rules.json"), at("/srv/rules.json")];
    const uris = resultsOf(gateAsSarif({ ...result, findings }, { root: "/home/ci/repo/" })).map(
      ({ locations }) => locations[0]?.physicalLocation.artifactLocation,
    );
    expect(uris).toEqual([
      { uri: "a/rules.json", uriBaseId: "%SRCROOT%" },
      { uri: "file:///srv/rules.json" },
    ]);
  });

  it("gives the same fingerprint when a rule moves in its file", () => {
    const result = gateCase();
    const moved = result.findings.map((f) => ({
      ...f,
      at: f.at === null ? null : { ...f.at, line: f.at.line + 1 },
    }));
    const prints = (of: Record<string, unknown>) =>
      resultsOf(of).map(
        (r) => (r as Result & { partialFingerprints: unknown }).partialFingerprints,
      );
    expect(prints(gateAsSarif({ ...result, findings: moved }))).toEqual(
      prints(gateAsSarif(result)),
    );
  });
});
