import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as assert from 'uvu/assert';
import { startBrowser } from '../support/lab.js';
import { outputTextOf, readNotebook } from '../support/notebook.js';
import { temporaryDirectory } from '../support/paths.js';
import { suite } from '../support/suite.js';
import { testToolchain } from '../support/toolchain.js';

const test = suite('papermill, nbclient and nbconvert', undefined, { timeout: 240_000 });
const directory = temporaryDirectory('batch');

interface CellText {
  readonly id: string;
  readonly source: string;
  readonly tags?: readonly string[];
}

function writeNotebook(name: string, kernel: string, language: string, cells: readonly CellText[]): string {
  const path = join(directory, name);
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: kernel, display_name: kernel, language }, language_info: { name: language } },
    cells: cells.map(({ id, source, tags = [] }) => ({
      cell_type: 'code',
      id,
      source,
      metadata: { tags },
      outputs: [],
      execution_count: null,
    })),
  };
  writeFileSync(path, JSON.stringify(notebook));
  return path;
}

/** Runs a module of the test environment's Python to its end. @throws Error with what it said when it failed */
async function runPython(...argv: readonly string[]): Promise<void> {
  const child = spawn(testToolchain().python, ['-m', ...argv], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const code = await new Promise((resolve) => child.once('close', resolve));
  process.off('exit', kill);
  assert.is(code, 0, said);
}

test('papermill: parameters reach an unmarked cell, also when the parameters cell has a magic', async () => {
  const notebook = writeNotebook('parameters.ipynb', 'synapse_pyspark', 'python', [
    { id: 'defaults', source: '%%pyspark\nrows = 3\nname = "nobody"\ndays = []', tags: ['parameters'] },
    { id: 'use', source: 'print(rows, name, days, spark.range(rows).count())' },
    { id: 'sql', source: '%%sql\nSELECT {name} AS name, {rows} AS rows' },
    { id: 'frame', source: 'display(spark.range(rows))' },
    {
      id: 'slow',
      source:
        'print(spark.sparkContext.parallelize(range(4), 4).map(lambda x: __import__("time").sleep(1) or x).sum())',
    },
  ]);
  const done = join(directory, 'parameters.done.ipynb');
  const parameters = ['-p', 'rows', '5', '-p', 'name', "Ada's", '-y', '{days: [1, 2]}'];
  await runPython('papermill', notebook, done, ...parameters);
  const executed = readNotebook(done);
  assert.is(outputTextOf(executed, 'use'), "5 Ada's [1, 2] 5\n");
  assert.match(outputTextOf(executed, 'sql'), /Ada's\s+5/);
  assert.match(outputTextOf(executed, 'frame'), /5 rows/);
  // A line about the job was nobody's to see, and is not saved.
  assert.equal(
    executed.cells.find(({ id }) => id === 'slow')?.outputs?.map(({ output_type: kind, text }) => [kind, text]),
    [['stream', ['6\n']]],
  );
});

test('papermill: parameters of a Scala notebook', async () => {
  const notebook = writeNotebook('scala.ipynb', 'synapse_spark', 'scala', [
    { id: 'defaults', source: 'val rows = 3\nval name = "nobody"', tags: ['parameters'] },
    { id: 'use', source: 'println(name + " " + spark.range(rows).count)' },
    { id: 'html', source: 'displayHTML("<b>bold</b>")' },
  ]);
  const done = join(directory, 'scala.done.ipynb');
  await runPython('papermill', notebook, done, '-p', 'rows', '5', '-p', 'name', 'Ada');
  assert.match(outputTextOf(readNotebook(done), 'use'), /^Ada 5\n/);
  assert.match(JSON.stringify(readNotebook(done).cells.at(-1)?.outputs), '<b>bold</b>');
});

test('papermill: parameters of an SQL notebook', async () => {
  const notebook = writeNotebook('sql.ipynb', 'synapse_sparksql', 'sql', [
    { id: 'defaults', source: '%%pyspark\nrows = 3\nname = "nobody"', tags: ['parameters'] },
    { id: 'use', source: 'SELECT {name} AS name, count(*) AS rows FROM range({rows})' },
  ]);
  const done = join(directory, 'sql.done.ipynb');
  await runPython('papermill', '--language', 'python', notebook, done, '-p', 'rows', '5', '-p', 'name', 'Ada');
  assert.match(outputTextOf(readNotebook(done), 'use'), /Ada\s+5/);
});

test('nbclient: widgets, figures and charts are in the notebook, and in the page made of it', async () => {
  const notebook = writeNotebook('figures.ipynb', 'synapse_pyspark', 'python', [
    {
      id: 'frame',
      source:
        '%%python\nimport pandas as pd\ndisplay(pd.DataFrame({"carrier": ["AA", "UA", "DL"], "flights": [3, 2, 1]}), chart="bar")',
    },
    { id: 'figure', source: '%%python\nimport matplotlib.pyplot as plt\nplt.plot([1, 3, 2]); plt.show()' },
    { id: 'default-figure', source: '%%python\n%matplotlib inline\nplt.plot([1, 2])\n"after"' },
    {
      id: 'plotly',
      source: '%%python\nimport plotly.graph_objects as go\ngo.Figure(go.Bar(x=["a", "b"], y=[1, 2])).show()',
    },
    { id: 'tqdm', source: '%%python\nfrom tqdm.auto import tqdm\nfor _ in tqdm(range(3)): pass' },
    { id: 'widget', source: '%%python\nimport ipywidgets\nslider = ipywidgets.IntSlider(value=3)\nslider' },
    { id: 'html', source: '%%ts\ndisplayHTML("<i>typed</i>")' },
  ]);
  await runPython('jupyter', 'execute', '--inplace', '--timeout=120', notebook);
  const executed = readNotebook(notebook);
  const mimes = (id: string) =>
    (executed.cells.find((cell) => cell.id === id)?.outputs ?? []).flatMap(({ data }) => Object.keys(data ?? {}));
  assert.ok(mimes('figure').includes('image/png'));
  assert.ok(mimes('default-figure').includes('image/png'));
  assert.ok(mimes('plotly').includes('application/vnd.plotly.v1+json'));
  assert.ok(mimes('tqdm').includes('application/vnd.jupyter.widget-view+json'));
  assert.ok(mimes('widget').includes('application/vnd.jupyter.widget-view+json'));
  assert.ok(mimes('html').includes('text/html'));
  const { metadata } = JSON.parse(readFileSync(notebook, 'utf8')) as { metadata: { widgets: Record<string, object> } };
  const models = metadata.widgets['application/vnd.jupyter.widget-state+json'] as { state: object };
  assert.ok(Object.keys(models.state).length > 3);
  await runPython('jupyter', 'nbconvert', '--to', 'html', notebook);
  const page = readFileSync(join(directory, 'figures.html'), 'utf8');
  assert.match(page, /showFrame\("crossview-frame-[0-9a-f]+"/);
});

test.needs('CROSSVIEW_TEST_CHROMIUM', 'the page made of a notebook has the chart view', async () => {
  const browser = await startBrowser();
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    // Nothing may come from the network; what nbconvert itself asks for is not needed.
    await page.route(/^https?:/, (route) => route.abort());
    await page.goto(pathToFileURL(join(directory, 'figures.html')).href, { waitUntil: 'commit' });
    const frame = page.locator('[id^=crossview-frame]').first();
    await frame.locator('svg rect').first().waitFor({ timeout: 60_000 });
    assert.is(await frame.locator('svg rect').count(), 3);
    await frame.getByLabel('Chart', { exact: true }).selectOption('pie');
    assert.is(await frame.locator('svg path').count(), 3);
    await frame.getByRole('tab', { name: 'Table' }).click();
    assert.ok(await frame.getByRole('cell', { name: 'UA' }).isVisible());
    assert.equal(
      errors.filter((message) => /crossview|showFrame/.test(message)),
      [],
    );
  } finally {
    await browser.close();
  }
});

test.run();
