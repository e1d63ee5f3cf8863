import type { Cell, CrossviewError, Json, MagicContext } from '@crossview/contracts';
import * as assert from 'uvu/assert';
import duckdb from '../../../packages/kernel/dist/magics/duckdb.js';
import { suite } from '../../support/suite.js';

const test = suite('%%duckdb');
const values: Record<string, Json> = {
  least: 5,
  word: 'it\'s "quoted" \\ 🛩\n',
  exact: { type: 'decimal', value: '1.50' },
  list: [1, 2],
};

/** The call of Python that a cell becomes. */
async function callOf(code: string, argumentLine = ''): Promise<Record<string, Json>> {
  let given = '';
  const context = {
    session: { valueOf: async (name: string) => values[name], views: {} },
    run: async (language: string, text: string) => {
      assert.is(language, 'python');
      given = text;
      return { status: 'ok' };
    },
  } as unknown as MagicContext;
  await duckdb.execute({ code, argumentLine } as Cell, context);
  const [, text] =
    /^__import__\("crossview_views\.duckdb_sql"\)\.duckdb_sql\.run\(views=views, \*\*__import__\("json"\)\.loads\((".*")\)\)$/.exec(
      given,
    )!;
  return JSON.parse(JSON.parse(text!) as string) as Record<string, Json>;
}

test('a cell is a call of Python with text and values apart', async () => {
  assert.equal(
    await callOf("select * from v where a > {least} and b = {word} and c = {exact} -- '{no}'", '-o out -n 5'),
    {
      sql: "select * from v where a > $least and b = $word and c = CAST($exact AS DECIMAL(38, 18)) -- '{no}'",
      parameters: { least: 5, word: values.word!, exact: '1.50' },
      output: 'out',
      max_rows: 5,
      quiet: false,
    },
  );
  assert.is((await callOf('made << select 1')).output, 'made');
});

test('values that SQL cannot have, and names that are none', async () => {
  const code = async (text: string) => (await callOf(text).catch((error: CrossviewError) => error.code)) as unknown;
  assert.is(await code('select {list}'), 'PARAMETER_TYPE');
  assert.is(await code('select {nobody}'), 'PARAMETER_UNKNOWN');
});

test.run();
