// Which of Terraform's JSON forms a value is. OpenTofu prints the same.
import { type JsonObject, memberOf } from "../json-reader.js";
import { below, refuse, type Spot, showValue } from "../spot.js";

export type TerraformForm = "state" | "state-file" | "plan";

const PLAN_KEYS = ["planned_values", "resource_changes", "prior_state", "configuration"] as const;
/** Version of the state file, since Terraform 0.12. */
const STATE_FILE = 4;

const SHOW = "terraform plan -out plan.bin && terraform show -json plan.bin > plan.json";

/** Throws for what Terraform prints for other programs than this one. */
export function recogniseTerraform(value: JsonObject, spot: Spot): TerraformForm | undefined {
  const has = (key: string): boolean => Object.hasOwn(value, key);
  if (has("@level") && has("@message"))
    refuse(
      spot,
      "terraform-log",
      "this is the log that terraform prints with -json, not a plan",
      `print the plan itself: ${SHOW}`,
    );
  if (typeof memberOf(value, "format_version") === "string") {
    if (PLAN_KEYS.some(has)) return "plan";
    if (has("provider_schemas")) return undefined;
    return has("values") || has("terraform_version") || Object.keys(value).length === 1
      ? "state"
      : undefined;
  }
  const isStateFile =
    typeof memberOf(value, "version") === "number" &&
    typeof memberOf(value, "terraform_version") === "string" &&
    (has("lineage") || has("serial"));
  if (!isStateFile) return undefined;
  if (memberOf(value, "version") !== STATE_FILE || !Array.isArray(memberOf(value, "resources")))
    refuse(
      below(spot, "version"),
      "terraform-version",
      `this state file has version ${showValue(memberOf(value, "version"))}; version ${STATE_FILE} is read`,
      "print it with terraform show -json > state.json",
    );
  return "state-file";
}

/** A higher major version may mean other things by the same keys; a higher minor one only adds keys. */
export function refuseTerraformVersion(value: JsonObject, spot: Spot): void {
  const version = memberOf(value, "format_version") as string;
  if (/^[01]\.[0-9]{1,6}$/.test(version)) return;
  refuse(
    below(spot, "format_version"),
    "terraform-version",
    `the format version ${showValue(version)} is not known; 0.x and 1.x are`,
    "use a version of this program that knows it",
  );
}
