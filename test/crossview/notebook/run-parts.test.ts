import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NotebookDocument } from '@crossview/kernel/notebooks';
import * as assert from 'uvu/assert';
import { notebookHtml } from '../../../packages/crossview/src/notebook/html/notebook-html.js';
import { junitXml } from '../../../packages/crossview/src/notebook/junit.js';
import { notebookNeeds } from '../../../packages/crossview/src/notebook/needs.js';
import { chooseKernel, prepareDocument } from '../../../packages/crossview/src/notebook/prepare.js';
import { injectParameters, readParameters } from '../../../packages/crossview/src/notebook/run-parameters.js';
import { readRequirements } from '../../../packages/crossview/src/setup/workspace-packages.js';
import { failure } from '../../support/failure.js';
import { temporaryDirectory } from '../../support/paths.js';
import { suite } from '../../support/suite.js';

const test = suite('the parts of a run');

function notebook(
  kernel: string,
  ...cells: readonly { source: string; metadata?: object; outputs?: object[]; kind?: string }[]
): NotebookDocument {
  return {
    cells: cells.map(({ source, metadata = {}, outputs = [], kind = 'code' }) => ({
      cell_type: kind,
      source,
      metadata,
      outputs,
      execution_count: null,
    })),
    metadata: { kernelspec: { name: kernel } },
    nbformat: 4,
    nbformat_minor: 5,
  } as unknown as NotebookDocument;
}

test('parameters: values by their look, refused by name', async () => {
  assert.equal(readParameters(['a=1', 'b=true', 'c=x=y', 'd="1"', 'e=01', 'f=']), {
    a: 1,
    b: true,
    c: 'x=y',
    d: '1',
    e: '01',
    f: '',
  });
  assert.is((await failure(() => readParameters(['a']))).code, 'RUN_PARAMETER');
  const document = notebook(
    'synapse_pyspark',
    { source: 'a = 1', metadata: { tags: ['parameters'] } },
    { source: 'print(a)' },
  );
  const sources = injectParameters(document, { a: 2 }, 'pyspark').cells.map(({ source }) => source);
  assert.equal(sources, ['a = 1', 'a = 2', 'print(a)']);
  const error = await failure(() => injectParameters(document, { b: 2 }, 'pyspark'));
  assert.is(error.code, 'PARAMETER_UNKNOWN');
  assert.match(error.hint ?? '', /sets: a/);
});

test('a notebook of a kernel that is not ours, or whose cells say their language elsewhere', () => {
  assert.equal(chooseKernel(notebook('sqldatawarehouse')), { kernel: 'synapse_pyspark', language: 'tsql' });
  assert.equal(chooseKernel(notebook('julia-1.9')), { kernel: 'julia-1.9', language: undefined });
  assert.equal(chooseKernel(notebook('sparkkernel')), { kernel: 'synapse_pyspark', language: 'spark' });
  const export_ = { ...notebook('x'), metadata: { language_info: { name: 'scala' } } };
  assert.equal(chooseKernel(export_), { kernel: 'synapse_pyspark', language: 'spark' });
  const document = notebook(
    'synapse_pyspark',
    { source: 'select 1', metadata: { microsoft: { language: 'sparksql' } } },
    { source: '1' },
  );
  assert.equal(
    prepareDocument(document, chooseKernel(document)).cells.map(({ source }) => source),
    ['%%sql\nselect 1', '1'],
  );
  const tsql = notebook('sqldatawarehouse', { source: 'select 1' });
  assert.is(prepareDocument(tsql, chooseKernel(tsql)).cells[0]?.source, '%%tsql\nselect 1');
});

test('what a notebook needs', () => {
  const needs = notebookNeeds(
    notebook(
      'synapse_pyspark',
      {
        source:
          'import azureml.core, pandas as pd\n# import nothing\ndf = spark.read.parquet("abfss://c@acc.dfs.core.windows.net/x/y")',
      },
      { source: '%run /A/B {"x": 1}\n%pip install requests==2 -q' },
      { source: '%%spark\ndf.write.synapsesql("pool.dbo.t")' },
      { source: 'mssparkutils.credentials.getSecret("kv", "name"); open("/lakehouse/default/Files/a")' },
    ),
  );
  assert.equal(needs.languages, ['pyspark', 'spark']);
  assert.equal(needs.paths, ['/lakehouse/default/Files/', 'abfss://c@acc.dfs.core.windows.net']);
  assert.equal(needs.pools, ['pool']);
  assert.equal(needs.notebooks, ['/A/B']);
  assert.equal(needs.packages, ['requests==2']);
  assert.equal(needs.secrets, ['kv/name']);
  assert.ok(needs.modules.includes('azureml.core'));
});

test('HTML holds everything, and no text of a cell becomes markup', () => {
  const html = notebookHtml(
    notebook(
      'synapse_pyspark',
      { source: '# Title\n\n- a **b** `<c>`\n\n| x | y |\n|---|---|\n| 1 | 2 |', kind: 'markdown' },
      {
        source: 'print("<script>")',
        outputs: [
          { output_type: 'stream', name: 'stdout', text: ['<script>\n'] },
          { output_type: 'display_data', data: { 'image/png': 'QUJD\n', 'text/plain': 'x' } },
          { output_type: 'error', ename: 'E', evalue: 'v', traceback: ['\u001b[31mE\u001b[0m: v'] },
        ],
      },
    ),
    'a & b',
  );
  for (const part of [
    '<h1>Title</h1>',
    '<strong>b</strong>',
    '&lt;c&gt;',
    '<td>2</td>',
    'base64,QUJD"',
    '<title>a &amp; b</title>',
    'E: v',
  ])
    assert.ok(html.includes(part), part);
  assert.not.ok(html.includes('<script>'));
  assert.not.match(html, /(?:src|href)="(?!data:)/);
});

test('JUnit: one case for each cell, failures with their reason', () => {
  const xml = junitXml('n.ipynb', {
    code: 1,
    exitValue: null,
    cells: [
      { number: 1, source: '%%sql\nselect "<1>"', state: 'passed', seconds: 1 },
      { number: 2, source: 'x', state: 'failed', seconds: 0.5, reason: 'E: a < b', traceback: 'line\u0001' },
    ],
  });
  assert.match(xml, /tests="2" failures="1"/);
  assert.match(xml, /name="cell 1: select &quot;&lt;1&gt;&quot;"/);
  assert.match(xml, /<failure message="E: a &lt; b">line<\/failure>/);
});

test('requirements of a workspace, also as Conda writes them', () => {
  const folder = temporaryDirectory('requirements');
  assert.is(readRequirements(folder), undefined);
  writeFileSync(
    join(folder, 'environment.yml'),
    'name: x\nchannels:\n  - conda-forge\ndependencies:\n  - python=3.10\n  - numpy=1.26\n  - conda-forge::scipy>=1.1\n  - pip:\n    - requests==2.31 # why\n    - "six"\n  - pyyaml\n',
  );
  assert.equal(readRequirements(folder)?.lines, ['numpy==1.26.*', 'scipy>=1.1', 'requests==2.31', 'six', 'pyyaml']);
  writeFileSync(join(folder, 'requirements.txt'), 'a==1\n');
  assert.equal(readRequirements(folder)?.lines, ['a==1', '']);
});

test.run();
