import fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { NotebookDocument } from '../../../packages/kernel/src/notebook/formats/document.js';
import { detectFormat, formats } from '../../../packages/kernel/src/notebook/formats/index.js';
import { failure } from '../../support/failure.js';
import { suite } from '../../support/suite.js';

const test = suite('notebook formats', undefined, { timeout: 60_000 });

/** Text that is hard for a format made of comments: its own marks, magics, empty lines, ends of lines. */
const line = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom(
    '',
    ' ',
    '# CELL ********************',
    '# METADATA ********************',
    '// MARKDOWN ********************',
    '-- CELL ********************',
    '# MAGIC',
    '# MAGIC %%sql',
    '# META {',
    '%run other { "a": 1 }',
    '%%sql',
    '!ls',
    'x = 1  # é 漢',
    '\r',
  ),
);
const text = fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n'));
const metadata = fc.dictionary(
  fc.constantFrom('tags', 'collapsed', 'microsoft', 'nteract'),
  fc.oneof(
    fc.constant(['parameters']),
    fc.constant(['a', 'parameters']),
    fc.constant({ language: 'sparksql', language_group: 'synapse_pyspark' }),
    fc.boolean(),
  ),
);
const code = fc.record(
  {
    cell_type: fc.constant('code'),
    source: text,
    metadata,
    execution_count: fc.option(fc.nat(50), { nil: null }),
    outputs: fc.oneof(fc.constant([]), fc.constant([{ output_type: 'stream', name: 'stdout', text: ['a\n'] }])),
    id: fc.constantFrom('a1', 'b2'),
  },
  { requiredKeys: ['cell_type', 'source', 'metadata', 'execution_count', 'outputs'] },
);
const other = fc.record({ cell_type: fc.constantFrom('markdown', 'raw'), source: text, metadata });
const documents = fc.record({
  cells: fc.array(fc.oneof(code, other), { maxLength: 5 }),
  metadata: fc.dictionary(
    fc.constantFrom('kernel_info', 'kernelspec', 'dependencies', 'language_info', 'synapse'),
    fc.oneof(fc.constant({ name: 'synapse_pyspark' }), fc.constant({ properties: { folder: { name: 'x' } } })),
  ),
  nbformat: fc.constant(4),
  nbformat_minor: fc.constantFrom(2, 5),
}) as unknown as fc.Arbitrary<NotebookDocument>;

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

for (const [name, file] of [
  ['ipynb', 'n.ipynb'],
  ['synapse', 'n.json'],
  ['fabric', 'notebook-content.py'],
  ['fabric', 'notebook-content.scala'],
  ['fabric', 'notebook-content.sql'],
] as const)
  test(`${file}: what was written is read as it was`, () => {
    const format = formats[name];
    fc.assert(
      fc.property(documents, (document) => {
        const written = format.write(document, file);
        const read = format.read(written, file);
        // Synapse's own file always has a name, so a notebook that had none has one afterwards.
        const { synapse: _kept, ...others } = read.metadata;
        const same = name === 'synapse' && !('synapse' in document.metadata) ? { ...read, metadata: others } : read;
        if (name === 'synapse' && 'synapse' in document.metadata) {
          assert.equal(plain(read.cells), plain(document.cells));
          return;
        }
        assert.equal(plain(same), plain(document));
      }),
      { numRuns: 300 },
    );
  });

test('a notebook goes through all three formats and comes back', () => {
  fc.assert(
    fc.property(documents, (document) => {
      const synapse = formats.synapse.read(formats.synapse.write(document, 'n.json'), 'n.json');
      const fabric = formats.fabric.read(formats.fabric.write(synapse, 'n.py'), 'n.py');
      const ipynb = formats.ipynb.read(formats.ipynb.write(fabric, 'n.ipynb'), 'n.ipynb');
      assert.equal(plain(ipynb), plain(synapse));
      assert.equal(plain(ipynb.cells), plain(document.cells));
    }),
    { numRuns: 200 },
  );
});

const fabricSource = `# Fabric notebook source

# METADATA ********************

# META {
# META   "kernel_info": {
# META     "name": "synapse_pyspark"
# META   },
# META   "dependencies": {}
# META }

# MARKDOWN ********************

# # Title
# 
# text

# PARAMETERS CELL ********************

rows = 10

# METADATA ********************

# META {
# META   "language": "python",
# META   "language_group": "synapse_pyspark"
# META }

# CELL ********************

# MAGIC %%sql
# MAGIC select 1

# METADATA ********************

# META {
# META   "language": "sparksql",
# META   "language_group": "synapse_pyspark"
# META }

# CELL ********************

# MAGIC %run other
print(rows)
`;

test('a file of Fabric is read, and written to the same bytes', () => {
  const document = formats.fabric.read(fabricSource, 'notebook-content.py');
  assert.equal(
    document.cells.map(({ source }) => source),
    ['# Title\n\ntext', 'rows = 10', '%%sql\nselect 1', '%run other\nprint(rows)'],
  );
  assert.equal(document.cells[1]?.metadata.tags, ['parameters']);
  assert.is(formats.fabric.write(document, 'notebook-content.py'), fabricSource);
  const windows = formats.fabric.read(fabricSource.replaceAll('\n', '\r\n'), 'notebook-content.py');
  assert.equal(windows, document);
});

test('bad files are refused in words', async () => {
  assert.is((await failure(async () => formats.ipynb.read('{"cells": [', 'a.ipynb'))).code, 'NOTEBOOK_INVALID');
  assert.match((await failure(async () => formats.synapse.read('{}', 'a.json'))).message, /no "properties"/);
  assert.match(
    (await failure(async () => formats.ipynb.read('{"cells":[{}]}', 'a.ipynb'))).message,
    /cell 1 has no cell_type/,
  );
  assert.is(detectFormat('a.py', 'print(1)'), undefined);
});

test.run();
