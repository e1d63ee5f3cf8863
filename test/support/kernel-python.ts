import { join } from 'node:path';
import type { CellError, Json, Language, LanguageContext } from '@crossview/contracts';
import otherKernel from '../../packages/kernel/dist/languages/other-kernel.js';
import { runCell } from './cells.js';
import { root } from './paths.js';
import type { AnyPython } from './same-rows.js';

/** Python in a kernel behind ours whose rows come and go by comm messages, as from a kernel on another host, or by files. */
export class KernelPython implements AnyPython {
  readonly #kernel: Language;

  constructor(
    context: Pick<LanguageContext, 'session' | 'directories' | 'toolchain' | 'views' | 'workingDirectory'>,
    readonly road: 'files' | 'comm' = 'comm',
  ) {
    this.#kernel = otherKernel.create(context as LanguageContext);
  }

  async run(code: string): Promise<Json> {
    const path = JSON.stringify(join(root, 'test/fixtures/same-rows'));
    const before = `import json, sys\nsys.path.count(${path}) or sys.path.insert(0, ${path})\nresult = None\n`;
    const run = await this.#cell(`${before}${code}\nprint("\\x1e" + json.dumps(result, default=str))`);
    if (run.outcome.status !== 'ok') throw new Error(`Python: ${JSON.stringify(run.outcome)}`);
    return JSON.parse(run.stdout.split('\x1e').at(-1)!) as Json;
  }

  async fails(code: string): Promise<{ readonly text: string }> {
    const { outcome } = await this.#cell(code);
    if (outcome.status !== 'error') throw new Error('nothing failed');
    return { text: (outcome as CellError).value };
  }

  close(): Promise<void> {
    return this.#kernel.close();
  }

  async #cell(code: string) {
    // Asked for when the kernel starts, with its first cell.
    const before = process.env.CROSSVIEW_VIEWS_ROAD;
    process.env.CROSSVIEW_VIEWS_ROAD = this.road;
    try {
      return await runCell(this.#kernel, code, { argumentLine: 'python3' });
    } finally {
      if (before === undefined) delete process.env.CROSSVIEW_VIEWS_ROAD;
      else process.env.CROSSVIEW_VIEWS_ROAD = before;
    }
  }
}
