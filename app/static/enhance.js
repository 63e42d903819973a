// Pages work without this file; it copies codes, previews photos and guards against sending twice.
(() => {
  "use strict";
  document.documentElement.classList.add("js");

  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) break;
    const label = button.querySelector("span");
    const text = label.textContent;
    label.setAttribute("aria-live", "polite");
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      label.textContent = button.dataset.done;
      setTimeout(() => { label.textContent = text; }, 2000);
    });
  }

  const preview = (input) => {
    const field = input.closest(".file");
    field.querySelector(".preview")?.remove();
    const [file] = input.files;
    if (!file) return;
    field.querySelector("[data-chosen]").textContent = file.name;
    if (!file.type.startsWith("image/") || "send" in input.dataset) return;
    const picture = new Image();
    picture.className = "preview";
    picture.alt = "";
    picture.onload = () => URL.revokeObjectURL(picture.src);
    picture.onerror = () => picture.remove();
    picture.src = URL.createObjectURL(file);
    field.append(picture);
  };

  for (const input of document.querySelectorAll(".file input[type=file]")) {
    input.addEventListener("change", () => {
      preview(input);
      if ("send" in input.dataset && input.files.length) input.form.requestSubmit();
    });
  }

  // A second tap while a form is on its way would send it again.
  const busy = new Map();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!("once" in form.dataset)) return;
    if (busy.has(form)) {
      event.preventDefault();
      return;
    }
    const button = event.submitter ?? form.querySelector("button[type=submit]");
    const shown = form.querySelector("input[data-send] ~ .file-button [data-chosen]") ?? button;
    busy.set(form, [button, shown, shown?.textContent]);
    button?.setAttribute("aria-busy", "true");
    if (button?.dataset.busy) shown.textContent = button.dataset.busy;
  });
  // Coming back by the browser's button finds the form ready again.
  window.addEventListener("pageshow", () => {
    for (const [button, shown, text] of busy.values()) {
      button?.removeAttribute("aria-busy");
      if (shown) shown.textContent = text;
    }
    busy.clear();
  });

  document.querySelector(".error-summary")?.focus();
})();
