// <input type="file" data-preview="id">: what is chosen is shown in the avatar inside that element before it is sent.
(function () {
  "use strict";
  document.addEventListener("change", (event) => {
    const input = event.target.closest("input[data-preview]");
    const place = input && document.getElementById(input.dataset.preview);
    const file = input && input.files[0];
    if (!place || !file || !/^image\/(jpeg|png|webp)$/.test(file.type)) return;
    const reader = new FileReader();
    // A data: address, because the content policy knows no blob:.
    reader.addEventListener("load", () => {
      const picture = document.createElement("img");
      picture.alt = "";
      picture.src = reader.result;
      place.querySelector(".avatar").replaceChildren(picture);
      const said = place.querySelector("[data-preview-said]");
      said.textContent = said.dataset.previewSaid;
    });
    reader.readAsDataURL(file);
  });
})();
