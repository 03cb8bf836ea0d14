// Repeating rows of a form (a customer's numbers): add from a template, remove.

export function startRows(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const add = target.closest<HTMLElement>("[data-row-add]");
    if (add) {
      const part = add.closest("fieldset, [data-section]");
      const list = part?.querySelector<HTMLElement>("[data-rows]");
      const template = part?.querySelector<HTMLTemplateElement>("template");
      if (list && template) {
        list.append(template.content.cloneNode(true));
        list.lastElementChild?.querySelector<HTMLElement>("input")?.focus();
      }
    }
    const remove = target.closest<HTMLElement>("[data-row-remove]");
    const row = remove?.closest("[data-row]");
    if (row) {
      const form = row.closest<HTMLFormElement>("form");
      row.remove();
      form?.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
}
