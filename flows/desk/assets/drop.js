"use strict";
// Files may be dropped on the whole field; without this the file button does the same.
document.querySelectorAll(".drop").forEach((field) => {
  const input = field.querySelector("input[type=file]");
  const over = (on) => (event) => { event.preventDefault(); field.classList.toggle("over", on); };
  field.addEventListener("dragover", over(true));
  field.addEventListener("dragleave", over(false));
  field.addEventListener("drop", (event) => {
    over(false)(event);
    input.files = event.dataTransfer.files;
  });
});
