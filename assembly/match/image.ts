// Opens a rule image: refuses what is not one, and finds its sections. Knows the header, not the rows.

import {
  IMAGE_ALIGN,
  IMAGE_CHECKSUM_PRIME,
  IMAGE_CHECKSUM_ROTATE,
  IMAGE_CHECKSUM_SEED,
  IMAGE_HEADER_BYTES,
  IMAGE_MAGIC,
  IMAGE_OFF_BYTES,
  IMAGE_OFF_CHECKSUM,
  IMAGE_OFF_MAGIC,
  IMAGE_OFF_RULES,
  IMAGE_OFF_SECTIONS,
  IMAGE_OFF_VERSION,
  IMAGE_SECTION_BYTES,
  IMAGE_SECTION_COUNT,
  IMAGE_SECTION_OFF,
  IMAGE_VERSION,
  SECTION_COUNT,
  SECTION_INTERFACES,
  SECTION_POLICIES,
  IMAGE_INTERFACE_BYTES,
  POLICY_BYTES,
} from "../shared/image";

function checksumOf(image: usize, imageBytes: usize): u32 {
  let sum: u32 = IMAGE_CHECKSUM_SEED;
  const end = image + imageBytes;
  for (let at = image + IMAGE_OFF_RULES; at < end; at += 4) {
    sum = rotl<u32>((sum ^ load<u32>(at)) * <u32>IMAGE_CHECKSUM_PRIME, IMAGE_CHECKSUM_ROTATE);
  }
  return sum;
}

/** Absolute pointer of a section. */
export function sectionPtr(image: usize, section: u32): usize {
  return (
    image +
    <usize>load<u32>(image + section * IMAGE_SECTION_BYTES, IMAGE_OFF_SECTIONS + IMAGE_SECTION_OFF)
  );
}

/** Rows of a section. */
export function sectionCount(image: usize, section: u32): u32 {
  return load<u32>(image + section * IMAGE_SECTION_BYTES, IMAGE_OFF_SECTIONS + IMAGE_SECTION_COUNT);
}

/**
 * Whether the bytes are an image of this version, whole and unchanged. The checksum covers everything the rows point
 * to, so no offset is checked again later. O(bytes), once per image.
 */
export function isImage(image: usize, imageBytes: usize): bool {
  if (imageBytes < <usize>IMAGE_HEADER_BYTES || (imageBytes & (IMAGE_ALIGN - 1)) != 0) return false;
  if ((image & (IMAGE_ALIGN - 1)) != 0) return false;
  if (load<u32>(image, IMAGE_OFF_MAGIC) != IMAGE_MAGIC) return false;
  if (load<u32>(image, IMAGE_OFF_VERSION) != IMAGE_VERSION) return false;
  if (<usize>load<u32>(image, IMAGE_OFF_BYTES) != imageBytes) return false;
  if (load<u32>(image, IMAGE_OFF_CHECKSUM) != checksumOf(image, imageBytes)) return false;
  let previous: usize = IMAGE_HEADER_BYTES;
  for (let section: u32 = 0; section < <u32>SECTION_COUNT; section++) {
    const at = sectionPtr(image, section) - image;
    if (at < previous || at > imageBytes || (at & (IMAGE_ALIGN - 1)) != 0) return false;
    previous = at;
  }
  const interfaces = <u64>sectionCount(image, SECTION_INTERFACES) * IMAGE_INTERFACE_BYTES;
  const policies = <u64>sectionCount(image, SECTION_POLICIES) * POLICY_BYTES;
  return interfaces <= <u64>imageBytes && policies <= <u64>imageBytes;
}
