// Several of the phone's contacts at once: from its picker, or out of a vCard file. Both go to the server
// as vCards; pictures stay here.

import { type Contact, picker } from "./contacts";

const MOBILE = /^(\+82[ -]?1|\+886[ -]?9|01|09)/;
const WANTED = ["name", "tel", "address", "email"];

export function startManyContacts(): void {
  const show = (): void => {
    if (picker()) document.querySelectorAll("[data-contacts-many]").forEach((button) => button.removeAttribute("hidden"));
  };
  show();
  document.addEventListener("htmx:afterSettle", show);
  document.addEventListener("click", (event) => {
    const form = (event.target as Element).closest("[data-contacts-pick]")?.closest<HTMLFormElement>("form");
    if (form) void pick(form);
  });
  document.addEventListener("change", (event) => {
    const file = event.target as HTMLInputElement;
    if (!file.matches("[data-contacts-file]") || !file.files?.[0] || !file.form) return;
    const { form } = file;
    void file.files[0].text().then((text) => send(form, text.replace(/^(PHOTO|LOGO)[;:].*(\r?\n[ \t].*)*(\r?\n(?=[A-Za-z0-9+/=]+\r?$).*)*\r?\n/gm, "")));
    file.value = "";
  });
}

async function pick(form: HTMLFormElement): Promise<void> {
  const chosen = (await picker()?.select(WANTED, { multiple: true }).catch(() => [])) ?? [];
  if (chosen.length > 0) send(form, chosen.map(card).join(""));
}

function send(form: HTMLFormElement, cards: string): void {
  const field = form.querySelector<HTMLInputElement>("input[name=cards]");
  if (!field) return;
  field.value = cards;
  form.requestSubmit();
}

function card({ name = [], tel = [], email = [], address = [] }: Contact): string {
  const lines = ["BEGIN:VCARD", "VERSION:3.0", `FN:${escaped(name[0] ?? "")}`];
  for (const number of new Set(tel)) lines.push(`TEL;TYPE=${MOBILE.test(number) ? "CELL" : "VOICE"}:${number}`);
  if (email[0]) lines.push(`EMAIL:${escaped(email[0])}`);
  const place = address[0];
  if (place) {
    const street = [...(place.addressLine ?? []), place.dependentLocality].filter(Boolean).join(" ");
    lines.push(`ADR:;;${[street, place.city, place.region, place.postalCode].map((part) => escaped(part ?? "")).join(";")};`);
  }
  return [...lines, "END:VCARD", ""].join("\r\n");
}

function escaped(text: string): string {
  return text.replace(/[\\;,]/g, "\\$&").replace(/\r?\n/g, "\\n");
}
