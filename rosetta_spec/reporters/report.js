
"use strict";
const form = document.getElementById("filter");
if (form) {
  const findings = [...document.querySelectorAll("#findings > article")];
  const texts = findings.map((finding) => finding.textContent.toLowerCase());
  const show = () => {
    const text = form.elements.text.value.toLowerCase();
    let shown = 0;
    findings.forEach((finding, at) => {
      finding.hidden = !form.elements[finding.className].checked || !texts[at].includes(text);
      shown += !finding.hidden;
    });
    form.querySelector("output").value = `${shown} of ${findings.length} shown`;
  };
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
}
