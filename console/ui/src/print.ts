// Buttons that print the page they stand on, with the tabs that nobody opened yet.

import { openAll } from "./tabs";

export function startPrint(): void {
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-print]")) void openAll().then(() => window.print());
  });
}
