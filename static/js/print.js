// <button data-print>: only shown where there is script (.needs-js).
document.addEventListener("click", (event) => event.target.closest("[data-print]") && window.print());
