// What a policy means, in sentences: asked for anew while somebody changes its figures.
(() => {
  let soon = 0;
  let asking = new AbortController();

  const ask = async (form) => {
    const told = form.querySelector("[data-asks]");
    asking.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(told.dataset.asks, { method: "POST", body: new FormData(form), signal: asking.signal });
      // Whoever is signed out meanwhile is told so when they save.
      if (answer.ok && !answer.redirected) told.outerHTML = await answer.text();
    } catch {
      // Asked anew before the answer came, or no network: what stands there stays.
    }
  };

  const askSoon = (wait) => (event) => {
    const form = event.target.closest("form");
    if (!form?.querySelector("[data-asks]")) return;
    clearTimeout(soon);
    soon = setTimeout(ask, wait, form);
  };

  document.addEventListener("input", askSoon(500));
  document.addEventListener("change", askSoon(200));
})();
