// Rectangles of services × address classes: does one family of them cover the same as another?
import { createCoverTree } from "./cover-tree.js";
import type { Interval } from "./service-axis.js";

/** Services × a half-open range of address classes. */
export interface Box {
  readonly services: Interval;
  readonly low: number;
  readonly high: number;
}

/** Where two coverings differ: the first service, and an address class. */
export interface Difference {
  readonly service: number;
  readonly addressClass: number;
}

interface Event {
  readonly service: number;
  readonly box: Box;
  readonly channel: 0 | 1;
  readonly delta: 1 | -1;
}

/** Both ends of every box, by service; what ends at a service goes before what begins there. */
export function boxEvents(before: readonly Box[], after: readonly Box[]): Event[] {
  const events: Event[] = [];
  for (const [channel, boxes] of [
    [0, before],
    [1, after],
  ] as const)
    for (const box of boxes)
      events.push(
        { service: box.services.from, box, channel, delta: 1 },
        { service: box.services.to, box, channel, delta: -1 },
      );
  return events.sort((a, b) => a.service - b.service || a.delta - b.delta);
}

/** The first place that one family covers and the other does not. O(boxes × log classes). */
export function firstDifference(
  before: readonly Box[],
  after: readonly Box[],
  classes: number,
): Difference | undefined {
  const events = boxEvents(before, after);
  const tree = createCoverTree(classes);
  for (let i = 0; i < events.length; i++) {
    const { service, box, channel, delta } = events[i]!;
    tree.change(channel, box.low, box.high, delta);
    if (events[i + 1]?.service === service) continue;
    const addressClass = tree.differing();
    if (addressClass >= 0) return { service, addressClass };
  }
  return undefined;
}

/** The part of the boxes that lies in the target. */
function clip(target: Box, boxes: readonly Box[]): Box[] {
  return boxes.flatMap(({ services, low, high }) => {
    const clipped = {
      services: {
        from: Math.max(services.from, target.services.from),
        to: Math.min(services.to, target.services.to),
      },
      low: Math.max(low, target.low),
      high: Math.min(high, target.high),
    };
    const isEmpty = clipped.services.from >= clipped.services.to || clipped.low >= clipped.high;
    return isEmpty ? [] : [clipped];
  });
}

function area({ services, low, high }: Box): number {
  return (services.to - services.from) * (high - low);
}

/** Whether the boxes together cover the target. O(boxes × log boxes). */
export function isCovered(target: Box, boxes: readonly Box[]): boolean {
  const parts = clip(target, boxes);
  // Boxes may overlap, so enough area proves nothing; too little saves the sweep.
  if (parts.reduce((sum, part) => sum + area(part), 0) < area(target)) return false;
  const bounds = [target, ...parts].flatMap(({ low, high }) => [low, high]);
  const sorted = [...new Set(bounds)].sort((a, b) => a - b);
  const rank = new Map(sorted.map((bound, i) => [bound, i]));
  const squeeze = (box: Box): Box => ({
    services: box.services,
    low: rank.get(box.low)!,
    high: rank.get(box.high)!,
  });
  const classes = sorted.length - 1;
  return firstDifference([squeeze(target)], parts.map(squeeze), classes) === undefined;
}
