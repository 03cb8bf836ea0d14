// Light or dark as the system asks, or as chosen here. Also what opens and closes by a press.

const KEY = "pbxd-theme";

export function startTheme(): void {
  const chosen = localStorage.getItem(KEY);
  if (chosen) document.documentElement.dataset.theme = chosen;
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    if (target.closest("[data-theme-switch]")) {
      const dark = matchMedia("(prefers-color-scheme: dark)").matches;
      const now = document.documentElement.dataset.theme ?? (dark ? "dark" : "light");
      const next = now === "dark" ? "light" : "dark";
      document.documentElement.dataset.theme = next;
      localStorage.setItem(KEY, next);
    }
    const toggle = target.closest<HTMLElement>("[data-toggle]");
    if (toggle) {
      const shown = document.getElementById(toggle.dataset.toggle ?? "")?.toggleAttribute("data-shown") ?? false;
      toggle.setAttribute("aria-expanded", String(shown));
    }
    document.querySelectorAll<HTMLDetailsElement>("details.who[open]").forEach((menu) => {
      if (!menu.contains(target) || target.closest("a")) menu.open = false;
    });
  });
}
