// A day that is typed in years of the Republic of China has the browser's calendar behind a button.

const BEFORE_ROC = 1911;

export function startDays(): void {
  document.addEventListener("click", (event) => {
    const part = (event.target as Element).closest("[data-day-open]")?.closest<HTMLElement>("[data-day]");
    const picker = part?.querySelector<HTMLInputElement>("[data-day-picker]");
    if (!part || !picker) return;
    picker.value = western(part.querySelector<HTMLInputElement>("[data-day-text]")?.value ?? "", picker.type);
    picker.showPicker();
  });
  document.addEventListener("change", (event) => {
    const picker = event.target as HTMLInputElement;
    const part = picker.matches("[data-day-picker]") ? picker.closest<HTMLElement>("[data-day]") : null;
    const text = part?.querySelector<HTMLInputElement>("[data-day-text]");
    if (!part || !text || !picker.value) return;
    const [day, clock] = picker.value.split("T");
    const [year, ...rest] = (day ?? "").split("-");
    const digits = part.dataset.day === "roc-four" ? 4 : 3;
    text.value = [String(Number(year) - BEFORE_ROC).padStart(digits, "0"), ...rest].join(".") + (clock ? ` ${clock}` : "");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.dispatchEvent(new Event("change", { bubbles: true }));
    text.focus();
  });
}

// What the calendar opens with; "" today.
function western(text: string, type: string): string {
  const found = /^(\d{3,4})\.(\d{2})\.(\d{2})(?: (\d{2}:\d{2}))?$/.exec(text.trim());
  if (!found) return "";
  const day = `${Number(found[1]) + BEFORE_ROC}-${found[2]}-${found[3]}`;
  return type === "date" ? day : `${day}T${found[4] ?? "09:00"}`;
}
