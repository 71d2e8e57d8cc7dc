/* Adds up what a stay costs as pets are ticked. The server has written every sum down already: here one is chosen. */
(() => {
  const form = document.getElementById('stay-form');
  if (!form) return;
  const place = form.querySelector('[aria-labelledby="sum-title"]');
  const button = document.getElementById('book-now');

  const show = () => {
    const count = form.querySelectorAll('input[name="pets"]:checked').length;
    const sum = place.querySelector(`template[data-sum-of="${count}"]`);
    if (!sum) return;
    const shown = place.querySelector(':scope > dl, :scope > p');
    shown.replaceWith(sum.content.firstElementChild.cloneNode(true));
    form.elements.terms.value = sum.dataset.terms;
    form.elements.counted.value = String(count);
    button.querySelector('span').textContent = sum.dataset.button;
  };
  form.addEventListener('change', (event) => { if (event.target.name === 'pets') show(); });
})();
