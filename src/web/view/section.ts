// One section of an object on a canvas: its part of the sprite, outline, scale bar, marks. Nothing is read back
// from the canvas: a page from disk may not.
import type { PictureData, ViewData, Zyx } from "../source/contract.ts";
import { formatLength, missedColour } from "./look.ts";

/** The axis a section is perpendicular to, its vertical and its horizontal axis, as places in z, y, x. */
const axesOf = { xy: [0, 1, 2], xz: [1, 0, 2], yz: [2, 1, 0] } as const;

export interface Look {
  /** Pixels of the screen (of CSS) for one pixel of the picture. */
  scale: number;
  /** Outline and cuts: what is drawn over the picture and hides some of it. */
  outline: boolean;
  colour: string;
  /** Length of the scale bar in nm; 0 for none. */
  bar: number;
  missed: readonly Zyx[];
  /** Where other sections cut this one: a place that they go through, or null. */
  cuts: Zyx | null;
  /** A place marked with the keys, or null. */
  cursor: Zyx | null;
}

export function depthOf(view: ViewData): number {
  return view.first_voxel[axesOf[view.kind][0]]!;
}

/** The voxel at a point of the view, in its pixels: (0, 0) is the first pixel's outer corner. */
export function voxelAt(view: ViewData, x: number, y: number): Zyx {
  const [, vertical, horizontal] = axesOf[view.kind];
  const place: Zyx = [...view.first_voxel];
  place[vertical] = Math.round(view.first_voxel[vertical] + (y - 0.5) * view.voxel_per_pixel[0]);
  place[horizontal] = Math.round(view.first_voxel[horizontal] + (x - 0.5) * view.voxel_per_pixel[1]);
  return place;
}

/** The middle of a voxel in the view's pixels; `off` says by how many voxels it is off this section. */
export function pointOf(view: ViewData, place: Zyx): { x: number; y: number; off: number } {
  const [across, vertical, horizontal] = axesOf[view.kind];
  return {
    x: (place[horizontal] - view.first_voxel[horizontal]) / view.voxel_per_pixel[1] + 0.5,
    y: (place[vertical] - view.first_voxel[vertical]) / view.voxel_per_pixel[0] + 0.5,
    off: Math.abs(place[across] - view.first_voxel[across]),
  };
}

export function drawView(
  canvas: HTMLCanvasElement,
  image: HTMLImageElement,
  picture: PictureData,
  view: ViewData,
  look: Look,
): void {
  const dense = window.devicePixelRatio || 1;
  const [width, height] = [Math.round(view.width * look.scale), Math.round(view.height * look.scale)];
  resize(canvas, width, height, dense);
  const context = canvas.getContext("2d");
  if (!context) return;
  context.setTransform(dense, 0, 0, dense, 0, 0);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.drawImage(image, view.x, view.y, view.width, view.height, 0, 0, width, height);
  if (look.cuts && look.outline) drawCuts(context, view, look);
  if (look.outline) drawOutline(context, view, look);
  for (const place of look.missed) drawCross(context, view, place, look.scale, missedColour);
  if (look.cursor) drawCross(context, view, look.cursor, look.scale, "#ffffff");
  if (look.bar > 0) drawBar(context, height, look.bar, picture.nm_per_pixel / look.scale);
}

function resize(canvas: HTMLCanvasElement, width: number, height: number, dense: number): void {
  const [w, h] = [Math.round(width * dense), Math.round(height * dense)];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
}

/** A dark line under the coloured one, so that it is seen on any grey. */
function drawOutline(context: CanvasRenderingContext2D, view: ViewData, look: Look): void {
  const path = new Path2D();
  path.addPath(new Path2D(view.outline), new DOMMatrix([look.scale, 0, 0, look.scale, 0, 0]));
  context.lineJoin = "round";
  context.strokeStyle = "rgba(0, 0, 0, 0.55)";
  context.lineWidth = 3.5;
  context.stroke(path);
  context.strokeStyle = look.colour;
  context.lineWidth = 1.75;
  context.stroke(path);
}

function drawCuts(context: CanvasRenderingContext2D, view: ViewData, look: Look): void {
  const at = pointOf(view, look.cuts!);
  const [x, y] = [at.x * look.scale, at.y * look.scale];
  const [width, height] = [view.width * look.scale, view.height * look.scale];
  context.beginPath();
  context.moveTo(x, 0);
  context.lineTo(x, height);
  context.moveTo(0, y);
  context.lineTo(width, y);
  context.setLineDash([2, 5]);
  context.lineWidth = 1;
  context.strokeStyle = "rgba(255, 255, 255, 0.75)";
  context.stroke();
  context.setLineDash([]);
}

/** A mark in its own section is bright, one of another section is faint. */
function drawCross(context: CanvasRenderingContext2D, view: ViewData, place: Zyx, scale: number, colour: string): void {
  const { x, y, off } = pointOf(view, place);
  if (x < 0 || y < 0 || x > view.width || y > view.height) return;
  context.globalAlpha = off === 0 ? 1 : 0.35;
  for (const [width, style] of [
    [4, "rgba(0, 0, 0, 0.7)"],
    [2, colour],
  ] as const) {
    context.beginPath();
    context.arc(x * scale, y * scale, 7, 0, 2 * Math.PI);
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      context.moveTo(x * scale + 3 * dx, y * scale + 3 * dy);
      context.lineTo(x * scale + 11 * dx, y * scale + 11 * dy);
    }
    context.lineWidth = width;
    context.strokeStyle = style;
    context.stroke();
  }
  context.globalAlpha = 1;
}

function drawBar(context: CanvasRenderingContext2D, height: number, nm: number, nmPerPixel: number): void {
  const length = nm / nmPerPixel;
  const text = formatLength(nm);
  context.font = "600 12px system-ui, sans-serif";
  const box = Math.max(length, context.measureText(text).width) + 12;
  context.fillStyle = "rgba(0, 0, 0, 0.6)";
  context.fillRect(6, height - 30, box, 24);
  context.fillStyle = "#ffffff";
  context.fillRect(12, height - 13, length, 3);
  context.fillText(text, 12, height - 17);
}
