// Texts and code as the page's scripts hold them: deflated, in base64.

export function unpack(packed: string): Response {
  const letters = atob(packed);
  const bytes = new Uint8Array(letters.length);
  // A loop: half a million calls of a mapping function would hold up the first paint.
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  return new Response(
    new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")),
  );
}
