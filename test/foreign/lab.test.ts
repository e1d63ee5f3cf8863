import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import * as assert from 'uvu/assert';
import { type Lab, type LabCell, openInLab } from '../support/lab.js';
import { suite } from '../support/suite.js';

const minutes = 60_000;
const test = suite('JupyterLab in Chromium', undefined, { timeout: 3 * minutes });
const chromium = 'CROSSVIEW_TEST_CHROMIUM';
/** A folder for one picture of each state: `docs/guide/images` is made by CROSSVIEW_TEST_IMAGES=docs/guide/images. */
const images = process.env.CROSSVIEW_TEST_IMAGES;

const cells: readonly LabCell[] = [
  {
    id: 'pyspark',
    source: [
      'rows = [("AA", "JFK", 12.5, 310), ("UA", "EWR", 3.0, 480), ("DL", "LGA", -2.5, 390)]',
      'rows += [("B6", "JFK", 7.0, 420), ("UA", "LGA", 9.5, 120)]',
      'flights = spark.createDataFrame(rows, "carrier string, origin string, delay double, flights int")',
      'flights.createOrReplaceTempView("flights")',
      'display(flights)',
    ].join('\n'),
  },
  {
    id: 'scala',
    source: '%%spark\nval late = spark.table("flights").where("delay > 5")\nprintln(late.count + " late")',
  },
  { id: 'sql', source: '%%sql\nSELECT origin, sum(flights) AS flights FROM flights GROUP BY origin ORDER BY origin' },
  {
    id: 'typescript',
    source:
      "%%typescript\nconst table = await views.get('flights');\nconsole.log(table.numRows, 'rows in TypeScript');\ndisplay(table, { chart: { type: 'pie', key: 'carrier', values: ['flights'] } });",
  },
  { id: 'python', source: '%%python\nviews["flights"].to_pandas().groupby("carrier")["flights"].sum()' },
  { id: 'tsql', source: "%%tsql\nSELECT 'local' AS pool, 42 AS answer" },
  { id: 'complete', source: '' },
  {
    id: 'progress',
    source: [
      'import time',
      'def work(n):',
      '    time.sleep(0.7)',
      '    return n % 3, 1',
      '',
      'print(sc.parallelize(range(24), 12).map(work).reduceByKey(lambda a, b: a + b, 3).collect())',
    ].join('\n'),
  },
  {
    id: 'widget',
    source: 'import ipywidgets\nslider = ipywidgets.IntSlider(value=3, max=10, description="rows")\ndisplay(slider)',
  },
  { id: 'value', source: 'print("the slider stands at", slider.value)' },
  {
    id: 'figure',
    source: 'import matplotlib.pyplot as plt\nplt.figure(figsize=(4, 2))\nplt.plot([1, 3, 2])\nplt.show()',
  },
  { id: 'input', source: 'name = input("Your name? ")\nprint("Hello,", name)' },
  { id: 'loop', source: 'while True:\n    spark.range(10**11).selectExpr("sum(sqrt(id))").collect()' },
  { id: 'after', source: 'print(spark.table("flights").count(), "rows are still here")' },
  { id: 'restarted', source: 'slider' },
];

let opened: Promise<Lab> | undefined;
const lab = () => {
  opened ??= openInLab('synapse_pyspark', cells);
  return opened;
};
test.after(async () => (await opened)?.close(), { timeout: minutes });

async function picture(name: string, ...ids: readonly string[]): Promise<void> {
  const notebook = await lab();
  await pictureOf(name, ...ids.map((id) => notebook.cell(id)));
}

/** One picture of a state, around these elements, when pictures are asked for. */
async function pictureOf(name: string, ...shown: readonly Locator[]): Promise<void> {
  if (!images) return;
  const { page } = await lab();
  const boxes = [];
  await shown[0]!.scrollIntoViewIfNeeded();
  for (const element of shown) boxes.push(await element.boundingBox());
  const known = boxes.filter((box) => box !== null);
  const top = Math.min(...known.map(({ y }) => y));
  const bottom = Math.max(...known.map(({ y, height }) => y + height));
  const left = Math.min(...known.map(({ x }) => x));
  const right = Math.max(...known.map(({ x, width }) => x + width));
  mkdirSync(images, { recursive: true });
  const clip = { x: left, y: Math.max(0, top), width: right - left, height: bottom - Math.max(0, top) };
  writeFileSync(join(images, `${name}.png`), await page.screenshot({ clip }));
}

test.needs(chromium, 'a notebook opens, and cells of each language run', async () => {
  const notebook = await lab();
  assert.match(await notebook.run('pyspark'), /carrier[\s\S]*5 rows/);
  assert.match(await notebook.run('scala'), /3 late/);
  assert.match(await notebook.run('sql'), /EWR\s+480[\s\S]*3 rows/);
  assert.match(await notebook.run('typescript'), /5 rows in TypeScript/);
  assert.match(await notebook.run('python'), /UA\s+600/);
  assert.match(await notebook.run('tsql'), /local\s+42/);
  await picture('cells', 'pyspark', 'scala', 'sql');
});

test.needs(chromium, 'a frame has a chart view, which follows what is picked', async () => {
  const notebook = await lab();
  const pie = notebook.cell('typescript').locator('svg[role=img]');
  assert.is(await pie.locator('path').count(), 4);
  const frame = notebook.cell('pyspark').locator('[id^=crossview-frame]');
  await frame.getByRole('tab', { name: 'Chart' }).click();
  assert.is(await frame.locator('svg rect').count(), 4);
  await frame.getByLabel('Key').selectOption({ label: 'origin' });
  await frame.getByLabel('Series').selectOption({ label: 'carrier' });
  await frame.getByLabel('Aggregation').selectOption('avg');
  assert.match(await frame.locator('svg').getAttribute('aria-label').then(String), /avg\(delay\) by origin/);
  await frame.locator('summary').click();
  await frame.locator('details').getByLabel('delay').uncheck();
  await frame.locator('details').getByLabel('flights').check();
  await frame.locator('summary').click();
  assert.match(await frame.locator('svg').getAttribute('aria-label').then(String), /avg\(flights\) by origin/);
  for (const type of ['line', 'area', 'scatter', 'pie', 'bar']) {
    await frame.getByLabel('Chart', { exact: true }).selectOption(type);
    assert.match(await frame.locator('svg').getAttribute('aria-label').then(String), new RegExp(`^${type} chart`));
  }
  await picture('chart', 'pyspark');
  await frame.getByRole('tab', { name: 'Table' }).click();
  assert.ok(await frame.locator('table').isVisible());
});

test.needs(chromium, 'Tab completes', async () => {
  const notebook = await lab();
  const cell = notebook.cell('complete');
  await cell.locator('.cm-content').click();
  await notebook.page.keyboard.type('flights.cr');
  const list = notebook.page.locator('.jp-Completer');
  const found = list.getByText('crossJoin').first();
  // The first answer may come too late for JupyterLab, which then shows what it knows itself.
  for (let attempt = 1; attempt < 4 && !(await found.isVisible()); attempt += 1) {
    await notebook.page.keyboard.press('Escape');
    await cell.locator('.cm-content').click();
    await notebook.page.keyboard.press('End');
    await notebook.page.waitForTimeout(500);
    await notebook.page.keyboard.press('Tab');
    await found.waitFor({ timeout: 20_000 }).catch(() => {});
  }
  assert.ok(await found.isVisible(), await list.allInnerTexts().then(String));
  await pictureOf('completion', cell, list);
  await notebook.page.keyboard.press('Escape');
});

test.needs(chromium, 'a Spark job has a line while it runs, and leaves nothing', async () => {
  const notebook = await lab();
  const cell = await notebook.start('progress');
  const line = cell.getByText(/Spark job \d+: \d+ of 15 tasks, \d of 2 stages done/);
  await line.waitFor({ timeout: minutes });
  assert.is(await cell.locator('progress').count(), 1);
  // It moves on without a second line.
  await cell.getByText(/Spark job \d+: [1-9]\d? of 15 tasks, \d of 2 stages done/).waitFor({ timeout: minutes });
  assert.is(await cell.locator('progress').count(), 1);
  await picture('progress', 'progress');
  assert.is(await notebook.finish('progress'), '[(0, 8), (1, 8), (2, 8)]');
  assert.is(await cell.locator('progress').count(), 0);
});

test.needs(chromium, 'a widget moves the value in the kernel; figures and input work', async () => {
  const notebook = await lab();
  await notebook.run('widget');
  const handle = notebook.cell('widget').locator('.noUi-handle');
  await handle.focus();
  await notebook.page.keyboard.press('ArrowRight');
  await notebook.page.waitForTimeout(500);
  assert.is(await notebook.run('value'), 'the slider stands at 4');
  await picture('widget', 'widget', 'value');
  await notebook.run('figure');
  assert.is(await notebook.cell('figure').locator('.jp-OutputArea-output img').count(), 1);
  const asked = await notebook.start('input');
  const box = asked.locator('input.jp-Stdin-input');
  await box.waitFor({ timeout: minutes });
  await picture('input', 'input');
  await box.fill('Ada');
  await box.press('Enter');
  assert.match(await notebook.finish('input'), /Hello, Ada/);
});

test.needs(chromium, 'Stop stops the Spark jobs of a loop, and the next cell runs', async () => {
  const notebook = await lab();
  await notebook.start('loop');
  await notebook.page.waitForTimeout(2500);
  await notebook.page
    .locator('[data-command="notebook:interrupt-kernel"], [data-jp-item-name="interrupt"]')
    .first()
    .click();
  assert.match(await notebook.finish('loop'), /KeyboardInterrupt/);
  assert.is(await notebook.run('after'), '5 rows are still here');
  await picture('stop', 'loop', 'after');
});

test.needs(chromium, 'a notebook that is not trusted shows the table alone', async () => {
  const { page, directory } = await lab();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+S');
  const saved = () => readFileSync(join(directory, 'notebook.ipynb'), 'utf8');
  for (let waited = 0; !saved().includes('showFrame') && waited < minutes; waited += 200)
    await page.waitForTimeout(200);
  // Another content than the one that was signed.
  const foreign = saved().replaceAll('JFK', 'OSL');
  writeFileSync(join(directory, 'foreign.ipynb'), foreign);
  const other = await page.context().newPage();
  await other.goto(page.url().replace('notebook.ipynb', 'foreign.ipynb'));
  const frame = other.locator('.jp-OutputArea-output', { hasText: '5 rows' }).first();
  await frame.locator('table').waitFor({ timeout: minutes });
  assert.is(await frame.getByRole('tab').count(), 0);
  assert.match(await frame.innerText(), /carrier[\s\S]*UA[\s\S]*5 rows/);
  assert.not.match(await frame.innerText(), /showFrame|script/);
  await other.close();
});

test.needs(chromium, 'a restart brings a new kernel', async () => {
  const notebook = await lab();
  await notebook.page.locator('[data-jp-item-name="restart"]').first().click();
  await notebook.page.locator('.jp-Dialog button.jp-mod-accept').click();
  await notebook.page
    .locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    .first()
    .waitFor({ timeout: minutes });
  assert.match(await notebook.run('restarted'), /NameError/);
  await picture('restart', 'restarted');
});

test.run();
