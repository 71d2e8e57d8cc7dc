// Photos of a telephone are shown, and shrunk before they travel:
// <input type="file" multiple data-shrink="1600" data-shown="id of a list">.
// Without this script, or where it fails, they travel as they are.
(function () {
  "use strict";
  const shrunk = async (file, side) => {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, side / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size < 1000000) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const brush = canvas.getContext("2d");
    brush.fillStyle = "#fff";
    brush.fillRect(0, 0, canvas.width, canvas.height);
    brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.88));
    return blob && blob.size < file.size ? new File([blob], file.name, { type: "image/jpeg" }) : file;
  };
  // A data: address, because the content policy knows no blob:.
  const read = (file) => new Promise((done) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(reader.result));
    reader.addEventListener("error", () => done(""));
    reader.readAsDataURL(file);
  });
  const show = async (files, list) => {
    const sources = await Promise.all(files.filter((file) => /^image\//.test(file.type)).map(async (file) => [file.name, await read(file)]));
    list.replaceChildren(...sources.filter(([, source]) => source).map(([name, source]) => {
      const item = document.createElement("li");
      const picture = document.createElement("img");
      item.className = "photos__one";
      picture.alt = name;
      picture.src = source;
      item.append(picture);
      return item;
    }));
    list.hidden = !list.children.length;
  };
  document.querySelectorAll("input[type=file][data-shrink]").forEach((input) => {
    if (!window.createImageBitmap || !window.DataTransfer) return;
    let working = Promise.resolve();
    let done = true;
    input.addEventListener("change", () => {
      const chosen = [...input.files];
      done = false;
      working = Promise.all(chosen.map((file) => shrunk(file, Number(input.dataset.shrink)).catch(() => file))).then((files) => {
        const carrier = new DataTransfer();
        files.forEach((file) => carrier.items.add(file));
        input.files = carrier.files;
        const list = document.getElementById(input.dataset.shown);
        // What is shown may take its time; sending does not wait for it.
        if (list) show([...input.files], list);
      }).catch(() => {}).then(() => { done = true; });
    });
    // Sent while it still works: wait for it, then send.
    input.form.addEventListener("submit", (event) => {
      if (done) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const button = event.submitter;
      working.then(() => input.form.requestSubmit(button));
    }, true);
  });
})();
