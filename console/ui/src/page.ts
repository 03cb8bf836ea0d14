// This page's own name, for as long as it is open: its live stream and its browser phone carry it,
// so that the server knows which phone went away with which page.

export const PAGE = [...crypto.getRandomValues(new Uint8Array(16))]
  .map((byte) => byte.toString(16).padStart(2, "0"))
  .join("");
