// Pixels of a PNG as Chromium writes screenshots: 8 bits, RGB or RGBA, not interlaced.
import { inflateSync } from "node:zlib";

export function decodePng(bytes) {
  const width = bytes.readUInt32BE(16);
  const height = bytes.readUInt32BE(20);
  const channels = { 2: 3, 6: 4 }[bytes[25]];
  const data = [];
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    if (bytes.toString("latin1", at + 4, at + 8) === "IDAT") data.push(bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return {
    width,
    height,
    channels,
    pixels: unfilter(inflateSync(Buffer.concat(data)), height, width * channels, channels),
  };
}

/** Filters of the PNG specification, section 9. */
function unfilter(raw, height, stride, channels) {
  const pixels = new Uint8Array(height * stride);
  for (let y = 0; y < height; ++y) {
    const filter = raw[y * (stride + 1)];
    for (let x = 0; x < stride; ++x) {
      const left = x >= channels ? pixels[y * stride + x - channels] : 0;
      const above = y > 0 ? pixels[(y - 1) * stride + x] : 0;
      const corner = x >= channels && y > 0 ? pixels[(y - 1) * stride + x - channels] : 0;
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter];
      pixels[y * stride + x] = raw[y * (stride + 1) + 1 + x] + guess;
    }
  }
  return pixels;
}

function paeth(left, above, corner) {
  const estimate = left + above - corner;
  const [a, b, c] = [left, above, corner].map((value) => Math.abs(estimate - value));
  return a <= b && a <= c ? left : b <= c ? above : corner;
}

/** How many colours a screenshot has. */
export function countColours(bytes) {
  const { channels, pixels } = decodePng(bytes);
  const found = new Set();
  for (let i = 0; i < pixels.length; i += channels) found.add((pixels[i] << 16) | (pixels[i + 1] << 8) | pixels[i + 2]);
  return found.size;
}

/** How many of its pixels are within `off` of a colour "#rrggbb", channel by channel. */
export function countNear(bytes, colour, off) {
  const wanted = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  const { channels, pixels } = decodePng(bytes);
  let count = 0;
  for (let i = 0; i < pixels.length; i += channels) {
    if (wanted.every((value, k) => Math.abs(pixels[i + k] - value) <= off)) ++count;
  }
  return count;
}
