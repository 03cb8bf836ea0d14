// What was not accepted is seen at once: a form that comes back with something wrong shows that part,
// what is pasted beyond a field's end is told, for browsers leave it out without a word, and a file that
// is too big is not sent in the first place.

import { toast } from "./toasts";

const WRONG = '[aria-invalid="true"], .field-wrong :is(input, select, textarea)';

export function startRefused(): void {
  document.addEventListener("htmx:afterSettle", (event) => {
    const { xhr, elt } = (event as CustomEvent<{ xhr?: XMLHttpRequest; elt: Element }>).detail;
    if (xhr?.status !== 422 && xhr?.status !== 409) return;
    const field = elt.querySelector<HTMLElement>(WRONG);
    const said = field ?? elt.querySelector<HTMLElement>(".field-error, .form-error");
    said?.scrollIntoView({ block: "center" });
    field?.focus({ preventScroll: true });
  });
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || !field.dataset.tooBig) return;
    const most = Number(field.dataset.mostMb);
    const big = [...(field.files ?? [])].some((file) => file.size > most * 2 ** 20);
    const said = big ? field.dataset.tooBig.replace("{most}", String(most)) : "";
    field.setCustomValidity(said);
    if (said) toast(said, "error");
  });
  document.addEventListener("paste", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) || field.maxLength < 0) return;
    const chosen = (field.selectionEnd ?? 0) - (field.selectionStart ?? 0);
    const pasted = event.clipboardData?.getData("text").trimEnd().length ?? 0;
    if (field.value.length - chosen + pasted > field.maxLength) {
      toast((document.body.dataset.tooLong ?? "").replace("{most}", String(field.maxLength)), "error");
    }
  });
}
