/* A photo as large as a screen shows it, made smaller on the phone; what the browser cannot read stays as it is. */
(function () {
  "use strict";

  const LONGEST_SIDE = 1600;
  const QUALITIES = [0.82, 0.7, 0.58, 0.45, 0.35]; // the first that is small enough
  const SMALL_ENOUGH = 400 * 1024; // bytes

  async function shrink(file) {
    if (!window.createImageBitmap) {
      return file;
    }
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
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
        if (small && small.size <= SMALL_ENOUGH) {
          break;
        }
      }
      return small || file;
    } catch (error) {
      return file;
    }
  }

  function megabytes(size) {
    return (size / 1048576).toLocaleString("vi-VN", { maximumFractionDigits: 1 }) + " MB";
  }

  window.dtVillage = window.dtVillage || {};
  window.dtVillage.photos = { shrink, megabytes };
})();
