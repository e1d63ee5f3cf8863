import { randomUUID } from 'node:crypto';
import type { CellOutput, MimeBundle, SparkHost, SparkProgress } from '@crossview/contracts';
import { escapeHtml } from '../frames/escape-html.js';
import type { RecordingOutput } from './recording-output.js';

/** A job that ends sooner is not worth a line. */
const patience = 700;
const interval = 250;

/**
 * A line for each Spark job of a running cell and for what else is done for it, updated in place and gone when the cell ends. Only for front ends that
 * somebody sits at: what a notebook run by a program saves must not depend on how long a job took.
 */
export class ProgressLine {
  readonly #id = randomUUID();
  readonly #jobs = new Map<number, SparkProgress>();
  readonly #stopListening: () => void;
  #note: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #shown = false;

  constructor(
    spark: SparkHost,
    readonly cellId: string,
    readonly output: CellOutput,
    readonly recorded: RecordingOutput,
  ) {
    this.#stopListening = spark.onProgress((progress) => this.#progressed(progress));
  }

  /** Takes the line away. May be called twice. */
  end(): void {
    this.#stopListening();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#shown) return;
    this.#shown = false;
    if (this.recorded.complete) this.recorded.replay();
    else this.output.updateDisplay(this.#id, { 'text/plain': '' });
  }

  /** What is done for the cell besides Spark jobs; `undefined` takes it away. */
  note(text: string | undefined): void {
    this.#note = text;
    this.#soon();
  }

  #progressed(progress: SparkProgress): void {
    if (progress.cellId !== this.cellId) return;
    if (progress.done) this.#jobs.delete(progress.jobId);
    else this.#jobs.set(progress.jobId, progress);
    this.#soon();
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => this.#show(), this.#shown ? interval : patience);
  }

  #show(): void {
    this.#timer = undefined;
    if (!this.#shown && this.#jobs.size === 0 && this.#note === undefined) return;
    const data = lines([...this.#jobs.values()], this.#note);
    if (this.#shown) this.output.updateDisplay(this.#id, data);
    else this.output.display(data, { displayId: this.#id });
    this.#shown = true;
  }
}

function lines(jobs: readonly SparkProgress[], note: string | undefined): MimeBundle {
  const text = jobs.map(
    ({ jobId, stages, stagesDone, tasks, tasksDone }) =>
      `Spark job ${jobId}: ${tasksDone} of ${tasks} tasks, ${stagesDone} of ${stages} stages done`,
  );
  const html = jobs.map(
    ({ tasks, tasksDone }, at) =>
      `<div style="opacity:0.7"><progress value="${tasksDone}" max="${Math.max(1, tasks)}"></progress> ${text[at]}</div>`,
  );
  if (note !== undefined) {
    text.push(note);
    html.push(`<div style="opacity:0.7">${escapeHtml(note)}</div>`);
  }
  return { 'text/plain': text.join('\n'), 'text/html': html.join('\n') };
}
