// The memo of a call in a list: a click makes it a field, leaving it keeps it.

import { post } from "./callbar/commands";

export function startMemos(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-memo]");
    if (button && !button.hidden) void edit(button);
  });
  document.addEventListener("dblclick", (event) => {
    const target = event.target as Element;
    if (target.closest("a, button, textarea, input")) return;
    target.closest<HTMLElement>("tr")?.querySelector<HTMLAnchorElement>("a[data-row-open]")?.click();
  });
}

async function edit(button: HTMLElement): Promise<void> {
  const path = `/calls/${button.dataset.memo ?? ""}/memo`;
  const response = await fetch(path, { headers: { Accept: "application/json" } }).catch(() => undefined);
  if (!response?.ok) return;
  const memo = (await response.json()) as { text: string; version: number };
  const field = document.createElement("textarea");
  field.className = "memo-field";
  field.rows = 2;
  field.maxLength = 2000;
  field.value = memo.text;
  field.setAttribute("aria-label", button.title);
  const said = document.createElement("span");
  said.className = "field-error";
  said.setAttribute("role", "alert");
  button.hidden = true;
  button.after(field, said);
  field.focus();
  const done = (text: string): void => {
    button.querySelector("[data-memo-text]")!.textContent = text;
    button.toggleAttribute("data-empty", text === "");
    button.hidden = false;
    field.remove();
    said.remove();
    button.focus();
  };
  const save = async (): Promise<void> => {
    if (!field.isConnected) return;
    if (field.value.trim() === memo.text.trim()) return done(memo.text);
    const answer = await post(path, { text: field.value, version: memo.version }).catch(() => undefined);
    if (answer?.ok) return done(field.value.trim());
    const problem = (await answer?.json().catch(() => undefined)) as { problem?: string; version?: number } | undefined;
    said.textContent = problem?.problem ?? button.dataset.failed ?? "";
    if (problem?.version !== undefined) memo.version = problem.version;
  };
  field.addEventListener("blur", () => void save());
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      field.blur();
    }
    if (event.key === "Escape") {
      field.value = memo.text;
      field.blur();
    }
  });
}
