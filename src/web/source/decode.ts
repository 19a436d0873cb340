// Numbers that stand in a script as base64, little-endian whatever the machine's own order is.

function bytesOf(base64: string): DataView {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; ++i) bytes[i] = text.charCodeAt(i);
  return new DataView(bytes.buffer);
}

export function decodeUint16(base64: string): Uint16Array {
  const bytes = bytesOf(base64);
  const numbers = new Uint16Array(bytes.byteLength >> 1);
  for (let i = 0; i < numbers.length; ++i) numbers[i] = bytes.getUint16(2 * i, true);
  return numbers;
}

export function decodeUint32(base64: string): Uint32Array {
  const bytes = bytesOf(base64);
  const numbers = new Uint32Array(bytes.byteLength >> 2);
  for (let i = 0; i < numbers.length; ++i) numbers[i] = bytes.getUint32(4 * i, true);
  return numbers;
}
