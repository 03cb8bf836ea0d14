// The supervisor's buttons: each press is one command, its answer is said in a notice.

import { newId, post } from "./callbar/commands";
import { toast } from "./toasts";

export function startSupervise(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-supervise]") : null;
    const verb = button?.dataset.supervise;
    if (!button || !verb) return;
    if (button.dataset.sure && !window.confirm(button.dataset.sure)) return;
    const { callKey: call, extension, mode, agent, reason } = button.dataset;
    void tell(verb, { call, extension, mode, agent, reason });
  });
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLSelectElement) || !field.hasAttribute("data-supervise-away") || !field.value) return;
    void tell("presence", { agent: field.dataset.agent, reason: field.value });
  });
}

async function tell(verb: string, body: Record<string, string | undefined>): Promise<void> {
  try {
    const response = await post(`/supervise/${verb}`, { ...body, command_id: newId() });
    const answer = (await response.json()) as { reason?: string };
    if (answer.reason) toast(answer.reason, "error");
  } catch {
    toast(document.body.dataset.unreachable ?? "", "error");
  }
}
