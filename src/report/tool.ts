/** Who wrote a report. A test keeps the version equal to package.json's. */
export interface Tool {
  readonly name: string;
  readonly version: string;
}

export const TOOL: Tool = { name: "flowverdict", version: "0.1.0" };
