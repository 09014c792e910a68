(function () {
  "use strict";
  var form = document.getElementById("sample-filters");
  if (!form) return;
  var samples = Array.prototype.slice.call(document.querySelectorAll(".sample"));
  var selects = Array.prototype.slice.call(form.querySelectorAll("select"));
  var shown = form.querySelector("output");
  function apply() {
    var count = 0;
    samples.forEach(function (sample) {
      var keep = selects.every(function (select) {
        return !select.value || sample.getAttribute("data-" + select.name) === select.value;
      });
      sample.hidden = !keep;
      if (keep) count += 1;
    });
    shown.textContent = count + " of " + samples.length + " samples";
  }
  form.addEventListener("change", apply);
  form.hidden = false;
  apply();
})();
