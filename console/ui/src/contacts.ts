// A new customer from the phone's own contacts, where the browser has a contact picker (Android, over
// HTTPS): fields are found by their names, and what is typed already stays.

export interface Contact {
  name?: string[];
  tel?: string[];
  email?: string[];
  address?: PostalAddress[];
}

interface PostalAddress {
  region?: string;
  city?: string;
  dependentLocality?: string;
  addressLine?: string[];
  postalCode?: string;
}

export interface Picker {
  select(properties: string[], options: { multiple: boolean }): Promise<Contact[]>;
}

type Field = HTMLInputElement | HTMLTextAreaElement;

const MOBILE = /^0[19]/; // Korea and Taiwan
const WANTED = ["name", "tel", "address", "email"];

/** The browser's own, where it has one. */
export function picker(): Picker | undefined {
  const { contacts } = navigator as Navigator & { contacts?: Picker };
  return contacts?.select ? contacts : undefined;
}

export function startContacts(): void {
  const from = picker();
  if (!from) return;
  const show = (): void => document.querySelectorAll("[data-contacts]").forEach((button) => button.removeAttribute("hidden"));
  show();
  document.addEventListener("htmx:afterSettle", show);
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest("[data-contacts]");
    const form = button?.closest<HTMLFormElement>("form");
    if (form) void pick(from, form);
  });
}

async function pick(picker: Picker, form: HTMLFormElement): Promise<void> {
  const [contact] = await picker.select(WANTED, { multiple: false }).catch(() => []);
  if (contact) fill(form, contact);
}

function fill(form: HTMLFormElement, contact: Contact): void {
  const place = contact.address?.[0];
  put(field(form, "name"), contact.name?.[0]);
  put(field(form, "postcode"), place?.postalCode);
  put(field(form, "address"), place && line(place));
  for (const number of contact.tel ?? []) phone(form, number);
  const email = contact.email?.[0];
  const own = field(form, "email");
  if (own) put(own, email);
  else if (email) append(field(form, "memo"), email);
}

function line({ region, city, dependentLocality, addressLine = [] }: PostalAddress): string {
  return [region, city, dependentLocality, ...addressLine].filter(Boolean).join(" ");
}

/** Into the first empty row, else into a new one; a number that is there already is not doubled. */
function phone(form: HTMLFormElement, number: string): void {
  const rows = (): Field[] => [...form.querySelectorAll<Field>('[name="phone"]')];
  if (rows().some((one) => bare(one.value) === bare(number))) return;
  if (!rows().some((one) => one.value === "")) form.querySelector<HTMLElement>("[data-row-add]")?.click();
  const empty = rows().find((one) => one.value === "");
  put(empty, number);
  const kind = empty?.closest("[data-row]")?.querySelector<HTMLSelectElement>('[name="phone_kind"]');
  if (kind && !MOBILE.test(bare(number))) kind.value = "other"; // the picker does not say
}

/** As it is dialled here: +82 10-1234-5678 and 010-1234-5678 are one number. */
function bare(number: string): string {
  return number.replace(/^\+(82|886)/, "0").replace(/\D/g, "").replace(/^00/, "0");
}

function field(form: HTMLFormElement, name: string): Field | null {
  return form.querySelector<Field>(`[name="${name}"]`);
}

function append(into: Field | null, text: string): void {
  if (!into || into.value.includes(text)) return;
  tell(into, into.value ? `${into.value}\n${text}` : text);
}

function put(into: Field | null | undefined, text: string | undefined): void {
  if (into && text && into.value === "") tell(into, text);
}

/** As if it were typed: drafts keep it, and a number is looked up. */
function tell(into: Field, text: string): void {
  into.value = into.maxLength > 0 ? text.slice(0, into.maxLength) : text;
  into.dispatchEvent(new Event("input", { bubbles: true }));
  into.dispatchEvent(new Event("change", { bubbles: true }));
}
