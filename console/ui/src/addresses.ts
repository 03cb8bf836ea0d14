// The address finder: a button beside the address fields opens it; what is chosen goes into them.
// What stood in the fields and is no part of the chosen address stays, behind the detailed address.

interface Places {
  postcode: HTMLInputElement | null;
  address: HTMLInputElement;
  detail: HTMLInputElement | null;
}

export function startAddresses(): void {
  let places: Places | null = null;
  let opener: HTMLElement | null = null;
  let asked = ""; // what the hits belong to
  let chooseWhenThere = false;
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const button = target.closest<HTMLElement>("[data-address-find]");
    const found = dialog();
    if (!found) return;
    if (button) {
      places = placesOf(button);
      opener = button;
      if (places) open(found, places.address.value || (places.postcode?.value ?? ""));
    } else if (target.closest("[data-finder-close]")) {
      found.close();
    } else {
      const hit = target.closest<HTMLElement>(".finder-hit");
      if (hit) take(hit);
    }
  });
  document.addEventListener("keydown", (event) => {
    const found = dialog();
    if (!found?.open || event.isComposing || !(event.target instanceof HTMLInputElement)) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(found, event.key === "ArrowDown" ? 1 : -1);
    }
    if (event.key === "Escape") {
      event.preventDefault(); // a search field would only be emptied
      found.close();
    }
    if (event.key === "Enter") {
      event.preventDefault();
      const hit = found.querySelector<HTMLElement>('.finder-hit[aria-selected="true"]');
      if (asked !== event.target.value.trim()) chooseWhenThere = true;
      else if (hit) take(hit);
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const found = dialog();
    if ((event as CustomEvent<{ target: Element }>).detail.target.id !== "finder-hits" || !found) return;
    asked = query(found).value.trim();
    mark(found, found.querySelector<HTMLElement>(".finder-hit"));
    const hit = found.querySelector<HTMLElement>(".finder-hit");
    if (chooseWhenThere && hit && found.open) take(hit);
    chooseWhenThere = false;
  });
  document.addEventListener("close", (event) => {
    if ((event.target as Element).id === "address-finder") opener?.focus();
  }, true);

  function open(found: HTMLDialogElement, text: string): void {
    asked = "";
    chooseWhenThere = false;
    found.querySelector("#finder-hits")?.replaceChildren();
    found.showModal();
    const field = query(found);
    field.value = text;
    field.focus();
    field.select();
    field.dispatchEvent(new Event("pbxd:find", { bubbles: true }));
  }

  function take(hit: HTMLElement): void {
    if (!places) return;
    const { postcode, address, detail } = places;
    const complete = hit.hasAttribute("data-complete");
    const rest = hit.dataset.rest ?? "";
    if (postcode && hit.dataset.postcode) postcode.value = hit.dataset.postcode;
    address.value = (hit.dataset.address ?? "") + (complete ? "" : " ");
    if (rest && detail && !detail.value.includes(rest)) detail.value = `${rest} ${detail.value}`.trim();
    else if (rest && !detail) address.value += ` ${rest}`;
    const next = complete ? detail ?? address : address;
    opener = next;
    dialog()?.close();
    next.focus();
    next.setSelectionRange(next.value.length, next.value.length);
    address.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function dialog(): HTMLDialogElement | null {
  return document.querySelector<HTMLDialogElement>("#address-finder");
}

function query(found: HTMLDialogElement): HTMLInputElement {
  return found.querySelector<HTMLInputElement>("#finder-q") as HTMLInputElement;
}

// The fields of the button's row, or of the customer.
function placesOf(button: HTMLElement): Places | null {
  const within: Element | null = button.closest("[data-row]") ?? button.closest("form");
  const before = within?.hasAttribute("data-row") ? "addresses." : "";
  const field = (word: string): HTMLInputElement | null => within?.querySelector<HTMLInputElement>(`[name="${before}${word}"]`) ?? null;
  const address = field("address");
  return address && { postcode: field("postcode"), address, detail: field("address2") };
}

function move(found: HTMLDialogElement, by: number): void {
  const hits = [...found.querySelectorAll<HTMLElement>(".finder-hit")];
  const at = hits.findIndex((one) => one.getAttribute("aria-selected") === "true");
  mark(found, hits[(at + by + hits.length) % hits.length] ?? null);
}

function mark(found: HTMLDialogElement, hit: HTMLElement | null): void {
  found.querySelectorAll(".finder-hit").forEach((one) => one.setAttribute("aria-selected", String(one === hit)));
  query(found).setAttribute("aria-activedescendant", hit?.id ?? "");
  hit?.scrollIntoView({ block: "nearest" });
}
