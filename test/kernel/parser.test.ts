import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { parseHelp, parseMagicLine } from '../../packages/kernel/src/cell/magic-line.js';
import { nearest } from '../../packages/kernel/src/cell/nearest.js';
import { cutSegments } from '../../packages/kernel/src/cell/segments.js';
import { splitBatches } from '../../packages/kernel/src/sql/batches.js';
import { bindPlaceholders, findPlaceholders } from '../../packages/kernel/src/sql/parameters.js';
import { sparkLiteral } from '../../packages/kernel/src/sql/spark-literal.js';
import { suite } from '../support/suite.js';

const test = suite('cell parser');
const name = fc.stringMatching(/^[A-Za-z_]\w{0,9}$/);
const line = fc.string().map((text) => text.replaceAll(/[\r\n]/g, ' '));
const blankLines = fc.array(fc.constantFrom('', ' ', '\t'), { maxLength: 3 });

test('name, arguments, body and offsets of a magic are found behind blank lines', () => {
  fc.assert(
    fc.property(blankLines, name, line, fc.array(line), (blanks, magic, rest, body) => {
      const code = [...blanks, `%%${magic} ${rest}`, ...body].join('\n');
      const found = parseMagicLine(code);
      assert.is(found?.name, magic);
      assert.is(found?.argumentLine, rest.trim());
      assert.is(found?.body, body.join('\n'));
      assert.is(code.slice(found?.bodyOffset), found?.body);
      assert.is(found?.lineOffset, body.length === 0 ? blanks.length : blanks.length + 1);
    }),
  );
});

test('any text at all is parsed, and without a magic nothing is found', () => {
  fc.assert(
    fc.property(fc.string(), (code) => {
      const found = parseMagicLine(code);
      if (found) assert.ok(code.includes(`%%${found.name}`));
      assert.is(parseMagicLine(`x${code}`.replace(/^x\s*%%/, 'x')), undefined);
    }),
  );
});

test('a cell without our line magics is one piece, unchanged', () => {
  fc.assert(
    fc.property(fc.string(), (code) => {
      assert.equal(
        cutSegments(code, () => false),
        [{ kind: 'code', code, line: 0 }],
      );
    }),
  );
});

test('line magics are cut out, their braces kept together, quoted text left alone', () => {
  const code = 'a\n%run nb { "x":\n 1 }\nb\ns = """\n%run no\n"""\n%other\n';
  assert.equal(
    cutSegments(code, (magic) => magic === 'run'),
    [
      { kind: 'code', code: 'a', line: 0 },
      { kind: 'magic', name: 'run', argumentLine: 'nb { "x":\n 1 }', line: 1 },
      { kind: 'code', code: 'b\ns = """\n%run no\n"""\n%other\n', line: 3 },
    ],
  );
});

test('cut pieces hold every line of the cell, once and at its place', () => {
  const oneLine = fc.oneof(
    fc.constantFrom(
      '%ours a b',
      'x = %ours c',
      '%theirs y',
      '%ours',
      'value % ours',
      "s = '''",
      '"""',
      '%ours { "a": 1 }',
    ),
    line,
  );
  fc.assert(
    fc.property(fc.array(oneLine, { minLength: 1, maxLength: 12 }), (lines) => {
      const segments = cutSegments(lines.join('\n'), (magic, assigned) => magic === 'ours' && !assigned);
      const placed: string[] = [];
      for (const segment of segments) {
        if (segment.kind === 'magic') {
          assert.match(lines[segment.line] ?? '', /^%ours/);
          placed[segment.line] = lines[segment.line] ?? '';
        } else {
          for (const [at, text] of segment.code.split('\n').entries()) placed[segment.line + at] = text;
        }
      }
      // Only lines that are blank may be left out, and only between pieces.
      for (const [at, text] of lines.entries())
        assert.ok(placed[at] === text || text.trim() === '', `line ${at}: ${text}`);
    }),
  );
});

test('a line may give its rows to a name where that is asked for', () => {
  assert.equal(
    cutSegments('frame = %sql SELECT 1\nx = %time f()', (magic, assigned) => assigned && magic === 'sql'),
    [
      { kind: 'magic', name: 'sql', argumentLine: 'SELECT 1', line: 0, assignTo: 'frame' },
      { kind: 'code', code: 'x = %time f()', line: 1 },
    ],
  );
});

test('help is asked with a question mark', () => {
  assert.is(parseHelp('%sql?'), 'sql');
  assert.is(parseHelp('%%tsql??\n'), 'tsql');
  assert.is(parseHelp('%sql ? x'), undefined);
});

test('the nearest name is found', () => {
  assert.is(nearest('pysparkk', ['sql', 'pyspark', 'python']), 'pyspark');
  assert.is(nearest('sqll', ['tsql', 'sql']), 'sql');
});

test('parameters stand outside of texts, names and comments only', () => {
  const sql = "SELECT {a}, '{b} ''{b}', \"{b}\", [{b}], `{b}` -- {b}\n/* {b} */ , {c}";
  assert.equal(
    findPlaceholders(sql).map((it) => it.name),
    ['a', 'c'],
  );
  assert.equal(
    findPlaceholders("SELECT {{a}}, {{ b }}, {c}, '{{d}}', {{e}").map(({ name, start, end }) => [name, end - start]),
    [
      ['a', 5],
      ['b', 7],
      ['c', 3],
      ['e', 3],
    ],
  );
});

test('a text as a literal of Spark cannot end the literal', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const literal = sparkLiteral('x', text);
      assert.match(literal, /^'(?:[^'\\]|\\[\s\S])*'$/);
    }),
  );
});

test('binding keeps everything around the parameters', async () => {
  const bound = await bindPlaceholders(
    'a {x} b {y} c {x}',
    async (it) => it.toUpperCase(),
    (_, value) => `<${value}>`,
  );
  assert.is(bound, 'a <X> b <Y> c <X>');
});

test('GO cuts batches where it stands alone, not in texts', () => {
  assert.equal(splitBatches("SELECT 'a\nGO\nb'\ngo\nSELECT 2 -- x\nGO ;\n"), [
    "SELECT 'a\nGO\nb'\n",
    '\nSELECT 2 -- x\n',
  ]);
});

test.run();
