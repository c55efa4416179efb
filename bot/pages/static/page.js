"use strict";

/* Copying: <button data-copy="#id" hidden> shows itself, and says what came of it. */
for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.querySelector(button.dataset.copy);
  const words = button.textContent;
  const say = (said) => {
    button.textContent = said;
    setTimeout(() => { button.textContent = words; }, 4000);
  };
  /* Where the clipboard is closed to us, what stays selected can be copied by hand. */
  const select = () => {
    const range = document.createRange();
    range.selectNodeContents(source);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    say(document.execCommand("copy") ? "已复制" : "已选中，请长按复制");
  };
  button.addEventListener("click", () => {
    if (!navigator.clipboard) {
      select();
      return;
    }
    navigator.clipboard.writeText(source.textContent.trim()).then(() => say("已复制"), select);
  });
  button.hidden = source === null;
}

/* Sending: a second tap on a form that is on its way does nothing. */
const underway = new Set();
addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  if (underway.has(event.target)) {
    event.preventDefault();
    return;
  }
  underway.add(event.target);
});
addEventListener("pageshow", () => underway.clear()); /* back from where it led */
