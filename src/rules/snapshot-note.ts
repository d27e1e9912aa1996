// What a snapshot says of itself, in a file beside the answers: these do not tell when they were given.
import { isObject, type JsonObject, type JsonValue, memberOf } from "./json-reader.js";
import { below, type Spot } from "./spot.js";
import { awsTime } from "./timestamp.js";

/** File of the note. */
export const SNAPSHOT_NOTE_FILE = "snapshot.json";

/** The note of a snapshot that was begun at that time. */
export function snapshotNote(taken: Date, region: string): string {
  const time = `${taken.toISOString().slice(0, 19)}Z`;
  return `${JSON.stringify({ flowverdict: "snapshot", takenAt: time, region }, undefined, 4)}\n`;
}

export function isSnapshotNote(value: JsonValue): value is JsonObject {
  return isObject(value) && memberOf(value, "flowverdict") === "snapshot";
}

/** Unix seconds at which the snapshot was begun. */
export function snapshotTime(note: JsonObject, spot: Spot): number {
  return awsTime(memberOf(note, "takenAt"), below(spot, "takenAt"));
}
