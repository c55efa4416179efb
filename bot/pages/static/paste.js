"use strict";

/* Pasting by a tap: <button data-paste="#id" hidden> shows itself where the browser lets a page read the clipboard.
   What was pasted is looked at at once: nothing is saved by that. */
for (const button of document.querySelectorAll("button[data-paste]")) {
  const target = document.querySelector(button.dataset.paste);
  if (target === null || !navigator.clipboard || !navigator.clipboard.readText) continue;
  button.addEventListener("click", () => {
    navigator.clipboard.readText().then(
      (text) => {
        target.value = text;
        if (text.trim() !== "") target.form.requestSubmit();
      },
      () => {
        button.textContent = "请长按上面的框，点「粘贴」";
      },
    );
  });
  button.hidden = false;
}
