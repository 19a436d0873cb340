// Surfaces, drawn by three.js: one object to be turned, or all objects in one geometry. No other file knows three.
//
// World of drawing: x to the right, -y up, -z towards the viewer, in nm from the middle of what is shown. That is the
// volume as its sections are looked at, first section in front; turning two axes keeps right-handed what was.
import {
  Box3,
  BufferAttribute,
  BufferGeometry,
  Color,
  DirectionalLight,
  EdgesGeometry,
  BoxGeometry,
  Group,
  HemisphereLight,
  LineBasicMaterial,
  LineSegments,
  Mesh,
  MeshLambertMaterial,
  Object3D,
  PerspectiveCamera,
  Quaternion,
  Raycaster,
  Scene,
  Vector2,
  Vector3,
  WebGLRenderer,
} from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
import type { SceneData, SurfaceData, Zyx } from "../source/contract.ts";
import { decodeUint16, decodeUint32 } from "../source/decode.ts";

const fieldOfView = 35; // degrees
const quiet = 120; // ms without a key before a frame is drawn: judging never waits for one

/** Where something three-dimensional is drawn and turned. */
export class Stage {
  private readonly scene = new Scene();
  private readonly camera = new PerspectiveCamera(fieldOfView, 1, 1, 1000);
  private readonly controls: OrbitControls;
  private shown: Object3D | null = null;
  private queued = false;
  private readonly extent = new Vector3(1, 1, 1);

  /** \returns null where the browser has no WebGL. `drawn` is called after each frame. */
  static open(canvas: HTMLCanvasElement, lastKey: () => number, drawn: () => void): Stage | null {
    try {
      const renderer = new WebGLRenderer({ canvas, antialias: true, powerPreference: "low-power" });
      return new Stage(canvas, renderer, lastKey, drawn);
    } catch {
      return null;
    }
  }

  private constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly renderer: WebGLRenderer,
    private readonly lastKey: () => number,
    private readonly drawn: () => void,
  ) {
    renderer.setClearColor(0x3c3c3c);
    const light = new DirectionalLight(0xffffff, 1.9);
    light.position.set(0.4, 0.6, 1);
    this.camera.add(light);
    this.scene.add(this.camera, new HemisphereLight(0xffffff, 0x777777, 1.5));
    this.controls = new OrbitControls(this.camera, canvas);
    this.controls.enableDamping = false;
    this.controls.addEventListener("change", () => this.draw());
    canvas.addEventListener("keydown", (event) => this.turnByKey(event));
    new ResizeObserver(() => this.draw()).observe(canvas.parentElement!);
  }

  /** Shows this alone, as large as there is room for. */
  show(object: Object3D): void {
    this.clear();
    this.shown = object;
    this.scene.add(object);
    new Box3().setFromObject(object).getSize(this.extent);
    this.lookFromTheFront();
  }

  clear(): void {
    if (!this.shown) return;
    this.scene.remove(this.shown);
    this.shown.traverse((part) => {
      if (part instanceof Mesh || part instanceof LineSegments) part.geometry.dispose();
    });
    this.shown = null;
  }

  lookFromTheFront(): void {
    const { clientWidth, clientHeight } = this.canvas.parentElement!;
    const { x, y, z } = this.extent;
    const aspect = clientWidth > 0 && clientHeight > 0 ? clientWidth / clientHeight : 1;
    const high = Math.max(y, x / aspect);
    const distance = z / 2 + (1.1 * high) / 2 / Math.tan((fieldOfView / 2) * (Math.PI / 180));
    const radius = Math.max(this.extent.length() / 2, 1);
    this.camera.near = radius / 100;
    this.camera.far = distance + 20 * radius;
    this.controls.minDistance = radius / 20;
    this.controls.maxDistance = 10 * radius;
    this.camera.position.set(0, 0, distance);
    this.controls.target.set(0, 0, 0);
    this.controls.update();
    this.draw();
  }

  /** Draws when the browser is idle and no key was just pressed. At most one frame waits. */
  draw(): void {
    if (this.queued) return;
    this.queued = true;
    whenIdle(() => this.drawOrWait());
  }

  /** What the object under a point of the canvas (of CSS pixels) is, as face and mesh. */
  faceAt(x: number, y: number, mesh: Mesh): number | null {
    const { width, height } = this.canvas.getBoundingClientRect();
    const caster = new Raycaster();
    caster.setFromCamera(new Vector2((2 * x) / width - 1, 1 - (2 * y) / height), this.camera);
    return caster.intersectObject(mesh)[0]?.faceIndex ?? null;
  }

  private drawOrWait(): void {
    const wait = quiet - (performance.now() - this.lastKey());
    if (wait > 0) {
      setTimeout(() => whenIdle(() => this.drawOrWait()), wait);
      return;
    }
    this.queued = false;
    const { clientWidth, clientHeight } = this.canvas.parentElement!;
    if (clientWidth === 0 || clientHeight === 0) return;
    this.renderer.setPixelRatio(Math.min(window.devicePixelRatio || 1, 2));
    this.renderer.setSize(clientWidth, clientHeight);
    this.camera.aspect = clientWidth / clientHeight;
    this.camera.updateProjectionMatrix();
    this.renderer.render(this.scene, this.camera);
    this.drawn();
  }

  private turnByKey(event: KeyboardEvent): void {
    const turns: Record<string, [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const turn = turns[event.key];
    if (turn) {
      const place = this.camera.position.clone().sub(this.controls.target);
      const right = new Vector3().crossVectors(this.camera.up, place).normalize();
      const tilted = place.clone().applyAxisAngle(right, turn[1] * 0.15);
      // Not over the pole, where up and down change places.
      if (Math.abs(tilted.clone().normalize().dot(this.camera.up)) < 0.99) place.copy(tilted);
      place.applyAxisAngle(this.camera.up, turn[0] * 0.15);
      this.camera.position.copy(this.controls.target).add(place);
    } else if (event.key === "+" || event.key === "-") {
      this.camera.position
        .sub(this.controls.target)
        .multiplyScalar(event.key === "+" ? 0.85 : 1 / 0.85)
        .add(this.controls.target);
    } else if (event.key === "0") {
      this.lookFromTheFront();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    this.controls.update();
    this.draw();
  }
}

function whenIdle(act: () => void): void {
  if ("requestIdleCallback" in window) window.requestIdleCallback(act, { timeout: 500 });
  else setTimeout(act, 30);
}

/** Vertices in the world of drawing, around `middle` (nm: x, y, z). */
function place(data: { origin_nm: Zyx; step_nm: number; positions: string }, middle: Vector3): Float32Array {
  const steps = decodeUint16(data.positions);
  const origin = [data.origin_nm[2] - middle.x, data.origin_nm[1] - middle.y, data.origin_nm[0] - middle.z];
  const places = new Float32Array(steps.length);
  for (let i = 0; i < steps.length; ++i) {
    const nm = origin[i % 3]! + data.step_nm * steps[i]!;
    places[i] = i % 3 === 0 ? nm : -nm;
  }
  return places;
}

/** The surface of one object, its flattest axis towards the viewer. */
export class ObjectSurface {
  readonly object = new Group();
  private readonly material: MeshLambertMaterial;

  constructor(data: SurfaceData, colour: string) {
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(place(data, new Vector3()), 3));
    geometry.setIndex(new BufferAttribute(decodeUint32(data.indices), 1));
    geometry.computeVertexNormals();
    geometry.center();
    this.material = new MeshLambertMaterial({ color: new Color(colour) });
    const mesh = new Mesh(geometry, this.material);
    const normal = new Vector3(data.normal[2], -data.normal[1], -data.normal[0]);
    if (normal.lengthSq() > 0) {
      if (normal.z < 0) normal.negate(); // the nearer way round
      mesh.quaternion.copy(new Quaternion().setFromUnitVectors(normal.normalize(), new Vector3(0, 0, 1)));
    }
    this.object.add(mesh);
  }

  colour(colour: string): void {
    this.material.color.set(colour);
  }
}

/** All surfaces as one geometry: an object is a range of its triangles and of its vertices. */
export class AllSurfaces {
  readonly object = new Group();
  readonly mesh: Mesh;
  private readonly geometry = new BufferGeometry();
  private readonly indices: Uint32Array;
  private readonly places = new Map<number, number>();
  private readonly colours: Float32Array;
  /** Triangles shown, object by object: the first index of each, and its place among all. */
  private shownFirst: number[] = [];
  private shownPlaces: number[] = [];

  constructor(private readonly data: SceneData) {
    const [low, high] = data.box_nm;
    const middle = new Vector3((low[2] + high[2]) / 2, (low[1] + high[1]) / 2, (low[0] + high[0]) / 2);
    const positions = place(data, middle);
    this.indices = decodeUint32(data.indices);
    this.colours = new Float32Array(positions.length);
    this.geometry.setAttribute("position", new BufferAttribute(positions, 3));
    this.geometry.setAttribute("color", new BufferAttribute(this.colours, 3));
    this.mesh = new Mesh(this.geometry, new MeshLambertMaterial({ vertexColors: true, flatShading: true }));
    data.ids.forEach((id, at) => this.places.set(id, at));
    const extent = new Vector3(high[2] - low[2], high[1] - low[1], high[0] - low[0]);
    const frame = new EdgesGeometry(new BoxGeometry(extent.x, extent.y, extent.z));
    this.object.add(this.mesh, new LineSegments(frame, new LineBasicMaterial({ color: 0x9a9a9a })));
    this.showOnly(data.ids);
  }

  colour(id: number, colour: string): void {
    const at = this.places.get(id);
    if (at === undefined) return;
    const { r, g, b } = new Color(colour);
    for (let i = this.data.first_index[at]!; i < this.data.first_index[at + 1]!; ++i) {
      this.colours.set([r, g, b], 3 * this.indices[i]!);
    }
    this.geometry.getAttribute("color").needsUpdate = true;
  }

  showOnly(ids: readonly number[]): void {
    this.shownPlaces = ids.flatMap((id) => this.places.get(id) ?? []);
    const { first_index: first } = this.data;
    const count = this.shownPlaces.reduce((sum, at) => sum + first[at + 1]! - first[at]!, 0);
    const indices = new Uint32Array(count);
    this.shownFirst = [];
    let filled = 0;
    for (const at of this.shownPlaces) {
      this.shownFirst.push(filled);
      indices.set(this.indices.subarray(first[at]!, first[at + 1]!), filled);
      filled += first[at + 1]! - first[at]!;
    }
    this.geometry.dispose(); // frees the buffer of the indices so far; all are handed over anew with the next frame
    this.geometry.setIndex(new BufferAttribute(indices, 1));
    this.geometry.computeBoundingSphere();
  }

  get shown(): number {
    return this.shownPlaces.length;
  }

  idOfFace(face: number): number | null {
    let [low, high] = [0, this.shownFirst.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.shownFirst[middle]! <= 3 * face) low = middle;
      else high = middle;
    }
    const at = this.shownPlaces[low];
    return at === undefined ? null : this.data.ids[at]!;
  }
}
