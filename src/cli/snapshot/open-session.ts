import { FlowError } from "../../errors.js";
import type { Ec2Module, Ec2Session } from "./ec2-calls.js";

/** The SDK where it is installed, with the region and the credentials that it finds by itself. */
export async function openSession(signal: AbortSignal): Promise<Ec2Session> {
  const module = await loadSdk();
  return { module, client: new module.EC2Client({}), signal };
}

async function loadSdk(): Promise<Ec2Module> {
  try {
    return await import("@aws-sdk/client-ec2");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new FlowError("sdk-missing", "the AWS SDK is not installed beside flowverdict", {
      hint:
        "npm install @aws-sdk/client-ec2 (with -g where flowverdict is global); or run the commands of the AWS CLI that " +
        "flowverdict doctor prints",
    });
  }
}
