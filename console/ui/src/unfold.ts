// What a small screen shows folded, a customer's lesser facts: one button opens it and closes it again.

export function startUnfold(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-unfold]");
    if (!button) return;
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    document.getElementById(button.dataset.unfold ?? "")?.classList.toggle("unfolded", open);
  });
}
