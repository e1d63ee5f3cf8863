import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { temporaryDirectory } from './paths.js';
import { testToolchain } from './toolchain.js';

const minute = 60_000;

/** Chromium without a window. @param executablePath from `CROSSVIEW_TEST_CHROMIUM` */
export function startBrowser(): Promise<Browser> {
  const executablePath = process.env.CROSSVIEW_TEST_CHROMIUM;
  if (!executablePath) throw new Error('set CROSSVIEW_TEST_CHROMIUM to the path of a Chromium');
  // Root, as which CI runs, may not use the sandbox; the pages are ours.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'] });
}

export interface LabCell {
  readonly id: string;
  readonly source: string;
}

/** A notebook that is open in JupyterLab in a browser. */
export class Lab {
  constructor(
    readonly page: Page,
    private readonly cells: readonly LabCell[],
    /** The folder that JupyterLab serves; the notebook is `notebook.ipynb`. */
    readonly directory: string,
    private readonly end: () => Promise<void>,
  ) {}

  cell(id: string): Locator {
    const at = this.cells.findIndex((cell) => cell.id === id);
    return this.page.locator('.jp-Notebook .jp-CodeCell').nth(at);
  }

  /** Runs a cell by its key, again if JupyterLab was still too busy to take it. */
  async start(id: string): Promise<Locator> {
    const cell = this.cell(id);
    const prompt = cell.locator('.jp-InputPrompt');
    const before = await prompt.innerText();
    for (let attempt = 1; (await prompt.innerText()) === before; attempt += 1) {
      if (attempt > 6) throw new Error(`JupyterLab does not run cell ${id}`);
      await cell.locator('.cm-content').click({ position: { x: 60, y: 8 } });
      await this.page.keyboard.press('Control+Enter');
      for (let waited = 0; waited < 10_000 && (await prompt.innerText()) === before; waited += 100)
        await this.page.waitForTimeout(100);
    }
    return cell;
  }

  /** Waits until the cell has run; its outputs may come a moment later. */
  async finish(id: string): Promise<string> {
    const cell = this.cell(id);
    await cell.locator('.jp-InputPrompt', { hasText: /\[\d+\]/ }).waitFor({ timeout: 2 * minute });
    await this.page.waitForTimeout(300);
    return (await cell.locator('.jp-OutputArea').first().innerText()).trim();
  }

  async run(id: string): Promise<string> {
    await this.start(id);
    return this.finish(id);
  }

  close(): Promise<void> {
    return this.end();
  }
}

/** Starts JupyterLab, opens a notebook of these cells in a browser, and waits for its kernel. */
export async function openInLab(kernel: string, cells: readonly LabCell[]): Promise<Lab> {
  const directory = temporaryDirectory('lab');
  const settings = join(directory, 'settings');
  const set = (plugin: string, name: string, values: object) => {
    mkdirSync(join(settings, '@jupyterlab', plugin), { recursive: true });
    writeFileSync(join(settings, '@jupyterlab', plugin, `${name}.jupyterlab-settings`), JSON.stringify(values));
  };
  // No question about news, and every cell on the page at once.
  set('apputils-extension', 'notification', { fetchNews: 'false', checkForUpdates: false });
  set('notebook-extension', 'tracker', { windowingMode: 'none' });
  // By itself JupyterLab drops completions that take more than a second, which a loaded machine may.
  set('completer-extension', 'manager', { providerTimeout: 30_000 });
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: kernel, display_name: kernel, language: 'python' } },
    cells: cells.map((cell) => ({ ...cell, cell_type: 'code', metadata: {}, outputs: [], execution_count: null })),
  };
  const work = join(directory, 'work');
  mkdirSync(work);
  writeFileSync(join(work, 'notebook.ipynb'), JSON.stringify(notebook));
  const argv = ['--no-browser', '--port=0', `--ServerApp.root_dir=${work}`, '--IdentityProvider.token=test'];
  const server = spawn(testToolchain().python, ['-m', 'jupyterlab', ...argv, '--allow-root', '--ip=127.0.0.1'], {
    cwd: work,
    env: {
      ...process.env,
      JUPYTERLAB_SETTINGS_DIR: settings,
      JUPYTERLAB_WORKSPACES_DIR: join(directory, 'workspaces'),
      JUPYTER_CONFIG_DIR: join(directory, 'config'),
      JUPYTER_RUNTIME_DIR: join(directory, 'runtime'),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const kill = () => server.kill('SIGKILL');
  process.once('exit', kill);
  const port = await new Promise<string>((resolve, reject) => {
    let said = '';
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = /http:\/\/127\.0\.0\.1:(\d+)\/lab/.exec(said)?.[1];
      if (found) resolve(found);
    });
    server.once('close', (code) => reject(new Error(`JupyterLab ended with ${code}:\n${said}`)));
  });
  const browser = await startBrowser();
  const context = await browser.newContext({ viewport: { width: 1000, height: 900 }, deviceScaleFactor: 1 });
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${port}/lab/tree/notebook.ipynb?token=test&reset`);
  await page
    .locator('.jp-Notebook .jp-CodeCell')
    .nth(cells.length - 1)
    .waitFor({ timeout: minute });
  await page.keyboard.press('Control+B');
  await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').first().waitFor({ timeout: minute });
  return new Lab(page, cells, work, async () => {
    await browser.close();
    const gone = new Promise<void>((resolve) => server.once('close', () => resolve()));
    server.kill('SIGTERM');
    const timer = setTimeout(kill, 15_000);
    await gone;
    clearTimeout(timer);
    process.off('exit', kill);
  });
}
