// The language changes on the page one sees: htmx may have changed its address since the header was written.
document.addEventListener("submit", (event) => {
  const next = event.target.matches("form[data-again]") && event.target.elements.next;
  if (next) next.value = location.pathname + location.search;
});
