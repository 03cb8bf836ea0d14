// The quick search's hits while typing: Enter opens the first (or the marked) one, arrows mark.

export function startQuick(): void {
  const field = document.querySelector<HTMLInputElement>("#quick");
  const list = document.querySelector<HTMLElement>("#quick-list");
  if (!field || !list) return;
  let asked = ""; // what the hits belong to
  const close = (): void => {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
  };
  document.addEventListener("htmx:afterSwap", (event) => {
    if ((event as CustomEvent<{ target: Element }>).detail.target !== list) return;
    asked = field.value.trim();
    list.hidden = asked === "" || document.activeElement !== field;
    field.setAttribute("aria-expanded", String(!list.hidden));
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") close();
    if (list.hidden) return;
    const options = [...list.querySelectorAll<HTMLElement>("[role=option]")];
    const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = (at + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length;
      options.forEach((one, place) => one.setAttribute("aria-selected", String(place === next)));
      options[next]?.scrollIntoView({ block: "nearest" });
    }
    if (event.key === "Enter" && asked === field.value.trim() && options[at]) {
      event.preventDefault();
      options[at].querySelector("a")?.click();
      close();
      field.blur();
    }
  });
  field.form?.addEventListener("submit", close);
  document.addEventListener("click", (event) => {
    if (!(event.target as Element).closest(".quick") || (event.target as Element).closest("#quick-list a")) close();
  });
}
