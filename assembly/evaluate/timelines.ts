// The rule sets that judge: images, and the timelines made of them (semantics 6.5). Image 0 also holds the facts about
// interfaces that no timeline changes: addresses, services, timers. Set up before the first record; nothing changes later.

import { defaultPolicy, interfaceCount, interfaceRow, matcherReserve } from "../match/matcher";
import { DIRECTION_EGRESS } from "../shared/codes";
import * as I from "../shared/image";
import * as L from "../shared/layout";

const matchers: usize = memory.data(64 * 4, 16); // per image
const periods: usize = memory.data(1024 * 8, 16); // [from u32][image u32], timeline after timeline
const begins: usize = memory.data(25 * 4, 16); // per timeline: its first period; then the end

/** Matcher of image 0, which holds the facts. */
export let facts: usize = 0;
/** Interfaces of the images: the same in all, with the same numbers. */
export let imageInterfaces: u32 = 0;
export let imageCount: u32 = 0;
export let timelineCount: u32 = 0;
/** Some image has an ACL for some interface. */
export let hasAcls: bool = false;
/** Every timeline has one period. */
export let isSimple: bool = true;

/** The next image; its matcher stands. */
export function addMatcher(matcher: usize): void {
  if (imageCount == 0) {
    facts = matcher;
    imageInterfaces = interfaceCount(matcher);
  }
  store<u32>(matchers + ((<usize>imageCount) << 2), <u32>matcher);
  imageCount++;
  for (let i: u32 = 0; i < imageInterfaces && !hasAcls; i++) {
    const row = interfaceRow(matcher, i);
    hasAcls =
      (load<u32>(row, I.IMAGE_INTERFACE_ACL_INGRESS) |
        load<u32>(row, I.IMAGE_INTERFACE_ACL_EGRESS)) !=
      0;
  }
}

/**
 * From `from` on image `image` holds in the timeline. Timelines in order, periods in order of time; the first period of a
 * timeline holds from the beginning whatever its `from`. False = too many.
 */
export function addPeriod(timeline: u32, from: u32, image: u32): bool {
  const last = load<u32>(begins + ((<usize>timelineCount) << 2));
  if (timeline == timelineCount) {
    if (timelineCount >= <u32>L.MAX_TIMELINES) return false;
    timelineCount++;
  } else isSimple = false;
  if (last >= <u32>L.MAX_PERIODS) return false;
  const at = periods + ((<usize>last) << 3);
  store<u32>(at, from);
  store<u32>(at, image, 4);
  store<u32>(begins + ((<usize>timelineCount) << 2), last + 1);
  return true;
}

const kinds: usize = memory.data(24, 16); // TIMELINE_* per timeline

/** What a timeline is for: TIMELINE_*. */
export function setKind(timeline: u32, kind: u32): void {
  store<u8>(kinds + timeline, <u8>kind);
}

export function kindOf(timeline: u32): u32 {
  return load<u8>(kinds + timeline);
}

/** Image that holds in the timeline at a time. O(periods). */
export function imageAt(timeline: u32, time: u32): u32 {
  const first = load<u32>(begins + ((<usize>timeline) << 2));
  let at = isSimple ? first : load<u32>(begins + ((<usize>(timeline + 1)) << 2)) - 1;
  while (at > first && load<u32>(periods + ((<usize>at) << 3)) > time) at--;
  return load<u32>(periods + ((<usize>at) << 3), 4);
}

export function matcherOf(image: u32): usize {
  return <usize>load<u32>(matchers + ((<usize>image) << 2));
}

/** Policy of an interface under an image; 0 = it carries no group there. */
export function policyOf(image: u32, face: u32, direction: u32): u32 {
  const matcher = matcherOf(image);
  if (face >= imageInterfaces) return defaultPolicy(matcher, direction);
  return load<u32>(
    interfaceRow(matcher, face) +
      (direction == DIRECTION_EGRESS ? I.IMAGE_INTERFACE_EGRESS : I.IMAGE_INTERFACE_INGRESS),
  );
}

/** ACL of an interface under an image, as a policy; 0 = none is known. */
export function aclOf(image: u32, face: u32, direction: u32): u32 {
  if (face >= imageInterfaces) return 0;
  return load<u32>(
    interfaceRow(matcherOf(image), face) +
      (direction == DIRECTION_EGRESS
        ? I.IMAGE_INTERFACE_ACL_EGRESS
        : I.IMAGE_INTERFACE_ACL_INGRESS),
  );
}

function flagsOf(image: u32, face: u32): u32 {
  if (face < imageInterfaces)
    return load<u32>(interfaceRow(matcherOf(image), face), I.IMAGE_INTERFACE_FLAGS);
  return defaultPolicy(matcherOf(image), DIRECTION_EGRESS) != 0
    ? I.IMAGE_FLAG_KNOWN | I.IMAGE_FLAG_HAS_GROUPS
    : 0;
}

/** Whether the image's rule set holds the interface (semantics 1.2). */
export function knows(image: u32, face: u32): bool {
  return (flagsOf(image, face) & I.IMAGE_FLAG_KNOWN) != 0;
}

/** Whether the interface carries a group there (semantics 1.3). */
export function hasGroups(image: u32, face: u32): bool {
  return (flagsOf(image, face) & I.IMAGE_FLAG_HAS_GROUPS) != 0;
}

/** Whether connections of the interface are tracked there whatever the rules say (semantics 6.1). */
export function isAutomatic(image: u32, face: u32): bool {
  return (flagsOf(image, face) & I.IMAGE_FLAG_AUTOMATIC) != 0;
}

/** Makes room in the stores of every matcher. Reserve-type call. */
export function matchersReserve(): bool {
  for (let image: u32 = 0; image < imageCount; image++)
    if (matcherReserve(matcherOf(image)) != 0) return false;
  return true;
}
