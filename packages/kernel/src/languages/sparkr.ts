import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Cell,
  type CellOutcome,
  CrossviewError,
  type Language,
  type LanguageContext,
  type LanguageModule,
} from '@crossview/contracts';
import { interrupted } from '../cell/to-jupyter-error.js';
import { unlessStopped } from '../cell/unless-stopped.js';
import { renderFrame } from '../frames/render.js';
import { removeParts } from '../sql/remove-parts.js';
import { RProcess, type Told } from './sparkr/r-process.js';

const shownRows = 1000;

/** R over the session's Spark: an R process with SparkR's usual functions, attached to the end that Spark keeps for R. */
class SparkR implements Language {
  readonly name = 'sparkr';
  #process: Promise<RProcess> | undefined;
  #generation: string | number | undefined;
  #cells = 0;

  constructor(readonly context: LanguageContext) {}

  async execute(cell: Cell): Promise<CellOutcome> {
    const { spark, views } = this.context;
    if (cell.silent && spark.state !== 'ready') return { status: 'ok' };
    await unlessStopped(
      spark.start().then(() => views.offerToSpark()),
      cell.signal,
    );
    const process = await this.#running();
    this.#cells += 1;
    const folder = join(this.context.directories.root, 'tmp', `r-${this.#cells}`);
    await mkdir(folder, { recursive: true });
    const file = join(folder, 'cell.R');
    await writeFile(file, cell.code);
    const stop = (): void => {
      process.interrupt();
      void spark.cancelJobs(cell.id);
    };
    cell.signal.addEventListener('abort', stop, { once: true });
    let shown: Promise<void> = Promise.resolve();
    try {
      const end = await process.run(cell.id, file, folder, {
        stream: (name, text) => cell.output.stream(name, text),
        told: (message) => {
          shown = shown
            .then(() => this.#show(message, cell))
            .catch((error: unknown) => {
              cell.output.stream('stderr', `display: ${error instanceof Error ? error.message : String(error)}\n`);
            });
        },
      });
      await shown;
      if (end === undefined) return this.#lost(await process.ended);
      await this.#plots(end, cell);
      return cell.signal.aborted ? interrupted : outcomeOf(end);
    } finally {
      cell.signal.removeEventListener('abort', stop);
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** May be called twice. */
  async close(): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    await (await process?.catch(() => undefined))?.close();
  }

  async #running(): Promise<RProcess> {
    const { spark, workingDirectory, directories } = this.context;
    const known = await this.#process?.catch(() => undefined);
    // After Spark was started anew, objects of the old one are no good.
    if (known?.running && this.#generation === spark.generation) return known;
    await known?.close();
    this.#generation = spark.generation;
    this.#process = spark
      .rEnvironment()
      .then((environment) =>
        RProcess.start({ ...environment, TMPDIR: join(directories.root, 'tmp') }, workingDirectory),
      );
    return this.#process;
  }

  async #show(message: Told, cell: Cell): Promise<void> {
    if (typeof message.html === 'string')
      cell.output.display({ 'text/plain': message.html, 'text/html': message.html });
    if (typeof message.display !== 'string') return;
    const { spark } = this.context;
    const asked = { id: cell.id, code: `select * from ${message.display}`, signal: cell.signal, output: cell.output };
    const { outcome, head } = await spark.sql(asked, { headRows: shownRows });
    await spark.drop(message.display);
    if (outcome.status === 'error') throw new CrossviewError('R_DISPLAY', outcome.value);
    if (!head) return;
    try {
      const { data, metadata } = await renderFrame(head, { maxRows: shownRows });
      cell.output.display(data, { metadata });
    } finally {
      await removeParts(head);
    }
  }

  async #plots({ plots }: Told, cell: Cell): Promise<void> {
    for (const file of Array.isArray(plots) ? plots : []) {
      const image = await readFile(file);
      cell.output.display({ 'text/plain': '<R plot>', 'image/png': image.toString('base64') });
    }
  }

  #lost(lastWords: string): CellOutcome {
    this.#process = undefined;
    const value = `R ended while it ran the cell. ${lastWords}`;
    return { status: 'error', name: 'R_ENDED', value, traceback: `R_ENDED: ${value}`.split('\n') };
  }
}

function outcomeOf(end: Told): CellOutcome {
  if (end.status === 'ok') return { status: 'ok' };
  if (end.status === 'interrupt') return interrupted;
  const name = String(end.name ?? 'error');
  const value = String(end.value ?? '');
  const where = end.where ? ` in ${String(end.where)}` : '';
  return { status: 'error', name, value, traceback: `Error${where}: ${value}`.split('\n') };
}

const sparkr: LanguageModule = {
  name: 'sparkr',
  aliases: ['r'],
  title: 'R',
  summary: 'R with SparkR’s functions over the Spark session: sql, collect, createDataFrame, temp views, display',
  fileExtension: '.r',
  mimeType: 'text/x-r',
  info: { name: 'R', codemirror_mode: 'r', pygments_lexer: 'r' },
  create: (context) => new SparkR(context),
};

export default sparkr;
