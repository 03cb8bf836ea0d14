// How the console looks in this browser: light or dark as the system asks or as chosen, the menu wide
// or narrow. Kept in cookies, so that the server draws the page right at once.

export function startTheme(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    if (target.closest("[data-theme-switch]")) {
      const dark = matchMedia("(prefers-color-scheme: dark)").matches;
      const now = document.documentElement.dataset.theme ?? (dark ? "dark" : "light");
      const next = now === "dark" ? "light" : "dark";
      document.documentElement.dataset.theme = next;
      keep("pbxd-theme", next);
    }
    const menu = target.closest<HTMLElement>("[data-menu-switch]");
    if (menu) {
      const narrow = document.documentElement.toggleAttribute("data-narrow-menu");
      menu.setAttribute("aria-expanded", String(!narrow));
      keep("pbxd-menu", narrow ? "narrow" : "wide");
    }
    document.querySelectorAll<HTMLDetailsElement>("details.who[open]").forEach((menu) => {
      if (!menu.contains(target) || target.closest("a")) menu.open = false;
    });
  });
}

function keep(name: string, value: string): void {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax${secure}`;
}
