/* Photos made as large as a screen shows them, before they are sent; what the browser cannot read stays as it is. */
(function () {
  "use strict";

  const LONGEST_SIDE = 1600;
  const QUALITIES = [0.82, 0.7, 0.58, 0.45, 0.35]; // the first that is small enough
  const SMALL_ENOUGH = 400 * 1024; // bytes

  /* longest: pixels of the longer side; always: drawn anew however small it is, so that nothing of the camera stays in it. */
  async function shrink(file, longest, always) {
    if (!window.createImageBitmap || (!always && !/^image\/(jpeg|png)$/.test(file.type))) {
      return file;
    }
    const side = longest || LONGEST_SIDE;
    const enough = SMALL_ENOUGH * Math.pow(side / LONGEST_SIDE, 2);
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, side / Math.max(picture.width, picture.height));
      if (!always && scale === 1 && file.size <= enough) {
        return file;
      }
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      const pen = canvas.getContext("2d");
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      let small = null;
      for (const quality of QUALITIES) {
        small = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
        if (small && small.size <= enough) {
          break;
        }
      }
      if (!small || (!always && small.size >= file.size)) {
        return file;
      }
      return new File([small], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
    } catch (error) {
      return file;
    }
  }

  function megabytes(size) {
    return (size / 1048576).toLocaleString("vi-VN", { maximumFractionDigits: 1 }) + " MB";
  }

  window.dtPhotos = { shrink, megabytes };
})();
