// What a form holds that the server does not know.

import { drafted } from "./drafts";

export type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export function posts(form: HTMLFormElement): boolean {
  return form.hasAttribute("hx-post") || form.getAttribute("method") === "post";
}

export function unsaved(form: HTMLFormElement): boolean {
  return [...form.elements].some(changed) || (form.hasAttribute("data-dirty") && (!form.dataset.draft || drafted(form)));
}

/** Words stand in it that the server does not know; what was only ticked or chosen is quickly done again. */
export function typed(form: HTMLFormElement): boolean {
  return [...form.elements].some((one) => one.matches("input:not([type=checkbox], [type=radio], [type=file], [type=password]), textarea") && changed(one));
}

/** Holds something else than the server drew. */
export function changed(control: Element): boolean {
  if (control instanceof HTMLSelectElement) {
    const options = [...control.options];
    if (control.multiple || options.some((one) => one.defaultSelected)) return options.some((one) => one.selected !== one.defaultSelected);
    return control.selectedIndex > options.findIndex((one) => !one.disabled);
  }
  if (control instanceof HTMLTextAreaElement) return control.value !== control.defaultValue.replace(/\r\n?/g, "\n");
  if (!(control instanceof HTMLInputElement) || ["hidden", "submit", "button", "reset", "image"].includes(control.type)) return false;
  if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
  return control.value !== control.defaultValue || control.validity.badInput;
}

export function typeable(form: HTMLFormElement): Control[] {
  return [...form.querySelectorAll<Control>("input:not([type=hidden], [type=checkbox], [type=radio], [type=file]), textarea, select")];
}
