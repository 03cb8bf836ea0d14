// A customer's pictures in full size: a thumbnail opens the dialog, arrows walk through the album.

import { open } from "./tabs";

export function startImages(): void {
  document.addEventListener("click", (event) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = event.target as Element;
    const link = target.closest<HTMLAnchorElement>("a[data-image]");
    if (link) {
      event.preventDefault();
      void look(link.dataset.image ?? "");
      return;
    }
    const viewer = document.querySelector<HTMLDialogElement>("[data-image-viewer]");
    if (!viewer) return;
    const step = target.closest<HTMLElement>("[data-viewer]")?.dataset.viewer;
    // the space around the picture closes it too
    if (step === "close" || target === viewer) viewer.close();
    else if (step) walk(viewer, Number(step));
  });
  document.addEventListener("keydown", (event) => {
    const viewer = document.querySelector<HTMLDialogElement>("[data-image-viewer][open]");
    if (!viewer || event.ctrlKey || event.altKey || event.metaKey) return;
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    walk(viewer, step);
  });
}

/** The main picture stands beside the facts: the album may not be drawn yet. */
async function look(id: string): Promise<void> {
  const album = document.querySelector<HTMLElement>('[data-tab="images"]');
  if (album) await open(album);
  const viewer = document.querySelector<HTMLDialogElement>("[data-image-viewer]");
  if (viewer) show(viewer, id);
}

function links(): HTMLAnchorElement[] {
  return [...document.querySelectorAll<HTMLAnchorElement>("#customer-images a[data-image]")];
}

function walk(viewer: HTMLDialogElement, step: number): void {
  const all = links();
  const at = all.findIndex((one) => one.dataset.image === viewer.dataset.shown);
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  if (next) show(viewer, next.dataset.image ?? "");
}

function show(viewer: HTMLDialogElement, id: string): void {
  const all = links();
  const at = all.findIndex((one) => one.dataset.image === id);
  const link = all[at];
  const picture = viewer.querySelector<HTMLImageElement>("[data-viewer-image]");
  const file = viewer.querySelector<HTMLAnchorElement>("[data-viewer-file]");
  if (!link || !picture || !file) return;
  viewer.dataset.shown = id;
  picture.src = link.href;
  picture.alt = link.querySelector("img")?.alt ?? "";
  file.href = link.href;
  file.download = link.dataset.file ?? "";
  write(viewer, "[data-viewer-caption]", link.dataset.caption ?? "");
  write(viewer, "[data-viewer-place]", `${at + 1} / ${all.length}`);
  if (!viewer.open) viewer.showModal();
  for (const [step, end] of [["-1", 0], ["1", all.length - 1]] as const) {
    viewer.querySelector(`[data-viewer="${step}"]`)?.setAttribute("aria-disabled", String(at === end));
  }
}

function write(viewer: HTMLElement, where: string, text: string): void {
  const place = viewer.querySelector(where);
  if (place) place.textContent = text;
}
