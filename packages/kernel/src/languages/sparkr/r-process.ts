import { type ChildProcess, spawn } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import { fileURLToPath } from 'node:url';
import { CrossviewError } from '@crossview/contracts';
import { endsWithUs } from '../../process-groups.js';

const folder = fileURLToPath(new URL('../../../r', import.meta.url));
/** Starts a line that is for the kernel, not for the reader. */
const mark = '\u001e';

export type Told = Readonly<Record<string, string | readonly string[]>>;

export interface RListener {
  stream(name: 'stdout' | 'stderr', text: string): void;
  told(message: Told): void;
}

/** R with our driver in it: one cell at a time, given as a file. */
export class RProcess {
  readonly #child: ChildProcess;
  readonly ended: Promise<string>;
  #running = true;
  #listener: RListener | undefined;
  #pending = '';
  #lastWords = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    const out = new StringDecoder('utf8');
    const err = new StringDecoder('utf8');
    child.stdout?.on('data', (bytes: Buffer) => this.#read(out.write(bytes)));
    child.stderr?.on('data', (bytes: Buffer) => {
      const text = err.write(bytes);
      this.#lastWords = (this.#lastWords + text).slice(-2000);
      this.#listener?.stream('stderr', text);
    });
    child.stdin?.on('error', () => {});
    process.once('exit', this.#kill);
    this.ended = new Promise((resolve) => {
      const end = (reason: string): void => {
        this.#running = false;
        process.off('exit', this.#kill);
        resolve(`${this.#lastWords}${reason}`.trim());
      };
      child.once('error', (error) => end(error.message));
      child.once('close', (code, signal) => end(`R ended with ${signal ?? `code ${code}`}.`));
    });
  }

  /** @throws CrossviewError `R_NOT_FOUND` */
  static async start(environment: NodeJS.ProcessEnv, workingDirectory: string): Promise<RProcess> {
    const child = spawn('Rscript', ['--vanilla', `${folder}/driver.R`], {
      cwd: workingDirectory,
      env: { ...process.env, ...environment, CROSSVIEW_R: folder },
      // A group of its own: a Stop of the whole notebook reaches R once, by us.
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    endsWithUs(child);
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (cause) =>
        reject(
          new CrossviewError('R_NOT_FOUND', '%%sparkr needs R, and there is no Rscript on the PATH', {
            hint: 'Install R 4 or newer (Debian and Ubuntu: apt install r-base-core), then run the cell again.',
            cause,
          }),
        ),
      );
    });
    return new RProcess(child);
  }

  get running(): boolean {
    return this.#running;
  }

  /** Runs a file; resolves with what the driver says at its end, or with `undefined` when R ended instead. */
  run(cell: string, file: string, plots: string, listener: RListener): Promise<Told | undefined> {
    return new Promise((resolve) => {
      this.#listener = {
        stream: listener.stream,
        told: (message) => {
          if (message.status === undefined) listener.told(message);
          else resolve(message);
        },
      };
      void this.ended.then(() => resolve(undefined));
      this.#child.stdin?.write(`${cell}\t${file}\t${plots}\n`);
    });
  }

  interrupt(): void {
    this.#child.kill('SIGINT');
  }

  /** Ends it within three seconds. May be called twice. */
  async close(): Promise<void> {
    if (!this.#running) return;
    this.#child.stdin?.end();
    const force = setTimeout(this.#kill, 3000);
    await this.ended;
    clearTimeout(force);
  }

  readonly #kill = (): void => {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, 'SIGKILL');
    } catch {}
  };

  /** Passes text on as it comes, and takes out the lines that are for the kernel. */
  #read(text: string): void {
    this.#pending += text;
    for (;;) {
      const start = this.#pending.indexOf(`\n${mark}`);
      // The line end in front of a mark belongs to it, so the last one is held back until more comes.
      if (start < 0) {
        const keep = this.#pending.endsWith('\n') ? 1 : 0;
        this.#show(this.#pending.slice(0, this.#pending.length - keep));
        this.#pending = this.#pending.slice(this.#pending.length - keep);
        return;
      }
      const end = this.#pending.indexOf('\n', start + 2);
      this.#show(this.#pending.slice(0, start));
      if (end < 0) {
        this.#pending = this.#pending.slice(start);
        return;
      }
      const line = this.#pending.slice(start + 2, end);
      this.#pending = this.#pending.slice(end + 1);
      this.#listener?.told(JSON.parse(line) as Told);
    }
  }

  #show(text: string): void {
    if (text !== '') this.#listener?.stream('stdout', text);
  }
}
