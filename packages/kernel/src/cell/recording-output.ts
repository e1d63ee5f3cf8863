import type { CellOutput, CommMessage, Json, MimeBundle } from '@crossview/contracts';

type Step =
  | { readonly kind: 'stream'; readonly name: 'stdout' | 'stderr'; text: string }
  | { readonly kind: 'display'; data: MimeBundle; readonly options: { metadata?: Json; displayId?: string } }
  | { readonly kind: 'result'; readonly data: MimeBundle; readonly metadata: Json | undefined };

/** Beyond this many characters a cell's outputs are not kept twice. */
const mostCharacters = 1_000_000;

/** Passes outputs on and remembers them, so that something shown among them can be taken away without a trace. */
export class RecordingOutput implements CellOutput {
  readonly #inner: CellOutput;
  #steps: Step[] = [];
  #characters = 0;
  #clearNext = false;

  constructor(inner: CellOutput) {
    this.#inner = inner;
  }

  /** Whether all outputs are remembered. */
  get complete(): boolean {
    return this.#characters <= mostCharacters;
  }

  /** Shows the cell's outputs anew, which removes everything else from the cell. */
  replay(): void {
    this.#inner.clear(this.#steps.length > 0);
    for (const step of this.#steps) {
      if (step.kind === 'stream') this.#inner.stream(step.name, step.text);
      else if (step.kind === 'display') this.#inner.display(step.data, step.options);
      else this.#inner.result(step.data, step.metadata);
    }
  }

  stream(name: 'stdout' | 'stderr', text: string): void {
    this.#inner.stream(name, text);
    const last = this.#steps.at(-1);
    if (!this.#clearNext && last?.kind === 'stream' && last.name === name && this.complete) {
      last.text += text;
      this.#characters += text.length;
    } else {
      this.#remember({ kind: 'stream', name, text }, text.length);
    }
  }

  display(data: MimeBundle, options: { metadata?: Json; displayId?: string } = {}): void {
    this.#inner.display(data, options);
    this.#remember({ kind: 'display', data, options }, JSON.stringify(data).length);
  }

  updateDisplay(displayId: string, data: MimeBundle, metadata?: Json): void {
    this.#inner.updateDisplay(displayId, data, metadata);
    for (const step of this.#steps)
      if (step.kind === 'display' && step.options.displayId === displayId) step.data = data;
  }

  result(data: MimeBundle, metadata?: Json): void {
    this.#inner.result(data, metadata);
    this.#remember({ kind: 'result', data, metadata }, JSON.stringify(data).length);
  }

  clear(wait: boolean): void {
    this.#inner.clear(wait);
    if (wait) this.#clearNext = true;
    else this.#forget();
  }

  input(prompt: string, password: boolean): Promise<string> {
    return this.#inner.input(prompt, password);
  }

  comm(message: CommMessage, language: string): void {
    this.#inner.comm?.(message, language);
  }

  #remember(step: Step, characters: number): void {
    if (this.#clearNext) this.#forget();
    this.#characters += characters;
    if (this.complete) this.#steps.push(step);
  }

  #forget(): void {
    this.#steps = [];
    this.#characters = 0;
    this.#clearNext = false;
  }
}
