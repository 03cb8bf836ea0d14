// The player of recordings: a waveform of both sides, seeking, speed, skipping, loops, a link.

const STEP_S = 5;
const QUIET = 20; // of 255: quieter than any voice
const SHORTEST_SILENCE_S = 1.5;

export function startPlayers(): void {
  const begin = (root: ParentNode): void => {
    for (const box of root.querySelectorAll<HTMLElement>("[data-player]:not([data-ready])")) new Player(box);
  };
  begin(document);
  document.addEventListener("htmx:afterSettle", () => begin(document));
  document.addEventListener("htmx:historyRestore", () => begin(document));
}

class Player {
  private readonly audio: HTMLAudioElement;
  private readonly wave: HTMLCanvasElement;
  private readonly seconds: number;
  private readonly pauses: [number, number][];
  private readonly markers: number[];
  private left: Uint8Array = new Uint8Array();
  private right: Uint8Array = new Uint8Array();
  private loop: { from?: number; to?: number } = {};

  constructor(private readonly box: HTMLElement) {
    box.dataset.ready = "";
    this.audio = this.part<HTMLAudioElement>("audio");
    this.wave = this.part<HTMLCanvasElement>("canvas");
    this.seconds = Number(box.dataset.seconds);
    this.pauses = JSON.parse(box.dataset.pauses ?? "[]") as [number, number][];
    this.markers = JSON.parse(box.dataset.markers ?? "[]") as number[];
    this.listen();
    this.seek(Number(box.dataset.start ?? 0));
    void this.load();
  }

  private part<T extends Element>(selector: string): T {
    const found = this.box.querySelector<T>(selector);
    if (!found) throw new Error(`the player has no ${selector}`);
    return found;
  }

  private async load(): Promise<void> {
    const answer = await fetch(`/recordings/${this.box.dataset.id ?? ""}/peaks`);
    if (!answer.ok) return;
    const peaks = new Uint8Array(await answer.arrayBuffer());
    this.left = peaks.subarray(0, peaks.length / 2);
    this.right = peaks.subarray(peaks.length / 2);
    this.draw();
  }

  private listen(): void {
    this.box.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-player-do]") : null;
      if (button) this.press(button.dataset.playerDo ?? "", button);
    });
    this.part<HTMLSelectElement>("[data-player-speed]").addEventListener("change", (event) => {
      this.audio.playbackRate = Number((event.target as HTMLSelectElement).value);
    });
    this.wave.addEventListener("keydown", (event) => this.key(event));
    this.wave.addEventListener("pointerdown", (event) => this.point(event));
    this.wave.addEventListener("pointermove", (event) => {
      if (event.buttons === 1) this.point(event);
    });
    for (const name of ["timeupdate", "play", "pause", "seeked", "loadedmetadata"]) {
      this.audio.addEventListener(name, () => this.tick());
    }
    new ResizeObserver(() => this.draw()).observe(this.wave);
    for (const button of document.querySelectorAll<HTMLElement>("[data-player-seek]")) {
      button.addEventListener("click", () => this.seek(Number(button.dataset.playerSeek)));
    }
  }

  private press(what: string, button: HTMLElement): void {
    if (what === "play") this.toggle();
    else if (what === "back") this.seek(this.audio.currentTime - STEP_S);
    else if (what === "on") this.seek(this.audio.currentTime + STEP_S);
    else if (what === "loop") this.nextLoop(button);
    else if (what === "link") void this.copyLink();
  }

  private key(event: KeyboardEvent): void {
    const to: Record<string, number> = {
      ArrowLeft: this.audio.currentTime - STEP_S,
      ArrowRight: this.audio.currentTime + STEP_S,
      Home: 0,
      End: this.seconds,
    };
    const target = to[event.key];
    if (event.key === " ") this.toggle();
    else if (event.key === "l" || event.key === "L") this.nextLoop(this.part<HTMLElement>('[data-player-do="loop"]'));
    else if (target !== undefined) this.seek(target);
    else return;
    event.preventDefault();
  }

  private point(event: PointerEvent): void {
    const place = this.wave.getBoundingClientRect();
    this.seek(((event.clientX - place.left) / place.width) * this.seconds);
  }

  private toggle(): void {
    if (this.audio.paused) void this.audio.play();
    else this.audio.pause();
  }

  private seek(seconds: number): void {
    this.audio.currentTime = Math.min(Math.max(0, seconds), this.seconds);
    this.tick();
  }

  // First press: from here; second: to here; third: no more.
  private nextLoop(button: HTMLElement): void {
    const now = this.audio.currentTime;
    if (this.loop.from === undefined) this.loop = { from: now };
    else if (this.loop.to === undefined && now > this.loop.from + 0.2) this.loop.to = now;
    else this.loop = {};
    button.setAttribute("aria-pressed", String(this.loop.from !== undefined));
    this.tick();
  }

  private async copyLink(): Promise<void> {
    const link = `${location.origin}/recordings/${this.box.dataset.id ?? ""}?t=${Math.floor(this.audio.currentTime)}`;
    await navigator.clipboard.writeText(link);
    const detail = { kind: "toast", level: "info", text: this.box.dataset.copied };
    document.dispatchEvent(new CustomEvent("pbxd:toast", { detail }));
  }

  private tick(): void {
    const now = this.audio.currentTime;
    const { from, to } = this.loop;
    if (from !== undefined && to !== undefined && now >= to) this.audio.currentTime = from;
    if (!this.audio.paused && this.part<HTMLInputElement>("[data-player-skip]").checked) this.skip(now);
    this.part<HTMLElement>("[data-player-time]").textContent = `${clock(now)} / ${clock(this.seconds)}`;
    this.wave.setAttribute("aria-valuenow", String(Math.round(now)));
    this.part<HTMLElement>('[data-player-do="play"]').toggleAttribute("data-plays", !this.audio.paused);
    const at = document.querySelector<HTMLInputElement>("[data-player-at]");
    if (at) at.value = now.toFixed(1);
    this.draw();
  }

  private skip(now: number): void {
    const count = this.left.length;
    const place = Math.floor((now / this.seconds) * count);
    let next = place;
    while (next < count && (this.left[next] ?? 0) < QUIET && (this.right[next] ?? 0) < QUIET) next += 1;
    const silence = ((next - place) / count) * this.seconds;
    if (silence > SHORTEST_SILENCE_S) this.audio.currentTime = (next / count) * this.seconds - 0.2;
  }

  private draw(): void {
    const scale = window.devicePixelRatio || 1;
    const width = Math.round(this.wave.clientWidth * scale);
    const height = Math.round(this.wave.clientHeight * scale);
    if (width === 0 || height === 0) return;
    this.wave.width = width;
    this.wave.height = height;
    const paper = this.wave.getContext("2d");
    if (!paper) return;
    const colour = (name: string): string => getComputedStyle(this.box).getPropertyValue(name).trim();
    const x = (seconds: number): number => (seconds / this.seconds) * width;
    paper.fillStyle = colour("--warn-soft");
    for (const [begun, ended] of this.pauses) paper.fillRect(x(begun), 0, x(ended) - x(begun), height);
    const { from, to } = this.loop;
    if (from !== undefined) {
      paper.fillStyle = colour("--accent-soft");
      paper.fillRect(x(from), 0, x(to ?? this.audio.currentTime) - x(from), height);
    }
    const share = "oneSide" in this.box.dataset ? 1 : 0.5; // a spoken message has one side
    this.side(paper, this.left, colour("--accent"), (height * share) / 2, width, height * share * 0.46);
    if (share < 1) this.side(paper, this.right, colour("--good"), height * 0.75, width, height * 0.23);
    paper.fillStyle = colour("--warn");
    for (const marker of this.markers) paper.fillRect(x(marker), 0, 2 * scale, height);
    paper.fillStyle = colour("--text");
    paper.fillRect(x(this.audio.currentTime), 0, 2 * scale, height);
  }

  private side(
    paper: CanvasRenderingContext2D, peaks: Uint8Array, colour: string, middle: number, width: number, most: number,
  ): void {
    paper.fillStyle = colour;
    const step = width / Math.max(1, peaks.length);
    peaks.forEach((peak, place) => {
      const reach = Math.max(0.5, (peak / 255) * most);
      paper.fillRect(place * step, middle - reach, Math.max(1, step), reach * 2);
    });
  }
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const rest = String(whole % 60).padStart(2, "0");
  return whole >= 3600
    ? `${Math.floor(whole / 3600)}:${String(Math.floor(whole / 60) % 60).padStart(2, "0")}:${rest}`
    : `${Math.floor(whole / 60)}:${rest}`;
}
