// Reads a code out of a picture: with the browser's own BarcodeDetector where it has one, else with ZXing, fetched only now.
// Both answer { text, wrongKind } or null. EAN is read, too, so that it can be said that it is the wrong code.

const WANTED = ["qr_code", "code_128"];
const WRONG = ["ean_13", "ean_8", "upc_a"];

export async function decoder(address) {
  return (await native()) ?? zxing(address);
}

async function native() {
  if (!("BarcodeDetector" in globalThis)) return null;
  const known = await BarcodeDetector.getSupportedFormats();
  if (!WANTED.every((format) => known.includes(format))) return null;
  const detector = new BarcodeDetector({ formats: [...WANTED, ...WRONG.filter((format) => known.includes(format))] });
  return async (video) => {
    const [found] = await detector.detect(video);
    return found ? { text: found.rawValue, wrongKind: WRONG.includes(found.format) } : null;
  };
}

async function zxing(address) {
  await import(address);
  const { BarcodeFormat, BinaryBitmap, DecodeHintType, HybridBinarizer, MultiFormatReader, RGBLuminanceSource } = ZXing;
  const wrong = [BarcodeFormat.EAN_13, BarcodeFormat.EAN_8, BarcodeFormat.UPC_A];
  const reader = new MultiFormatReader();
  reader.setHints(
    new Map([
      [DecodeHintType.POSSIBLE_FORMATS, [BarcodeFormat.QR_CODE, BarcodeFormat.CODE_128, ...wrong]],
      [DecodeHintType.ASSUME_GS1, true],
      [DecodeHintType.TRY_HARDER, true],
    ]),
  );
  const canvas = document.createElement("canvas");
  const ground = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const { width, height } = Object.assign(canvas, { width: video.videoWidth, height: video.videoHeight });
    ground.drawImage(video, 0, 0);
    const grey = luminance(ground.getImageData(0, 0, width, height).data);
    try {
      const found = reader.decodeWithState(new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(grey, width, height))));
      return { text: found.getText(), wrongKind: wrong.includes(found.getBarcodeFormat()) };
    } catch (nothing) {
      // Most pictures show no code, or half of one; anything else is a fault of ours.
      if (READABLE.has(nothing.getKind?.())) return null;
      throw nothing;
    } finally {
      reader.reset();
    }
  };
}

const READABLE = new Set(["NotFoundException", "ChecksumException", "FormatException"]);

function luminance(pixels) {
  const grey = new Uint8ClampedArray(pixels.length / 4);
  for (let at = 0; at < grey.length; at++) {
    grey[at] = (pixels[4 * at] * 77 + pixels[4 * at + 1] * 150 + pixels[4 * at + 2] * 29) >> 8;
  }
  return grey;
}
