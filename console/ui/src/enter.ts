// Enter goes on to the next empty field of the form, as in the old programs (S1-01); behind the last one it sends.

export function startEnter(): void {
  document.addEventListener("keydown", (event) => {
    const field = event.target as HTMLInputElement;
    if (event.key !== "Enter" || event.isComposing || !field.form?.hasAttribute("data-enter-next")) return;
    const fields = [...field.form.querySelectorAll<HTMLInputElement>("input[required]")];
    const next = fields.slice(fields.indexOf(field) + 1).find((one) => one.value === "");
    if (!fields.includes(field) || field.value === "" || !next) return;
    event.preventDefault();
    next.focus();
  });
}
