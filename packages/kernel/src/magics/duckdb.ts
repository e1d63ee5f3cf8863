import type { Magic } from '@crossview/contracts';
import { readSqlCell, sharedOptions } from '../sql/cell-options.js';
import { duckdbParameters } from '../sql/duckdb-parameters.js';
import { giveName } from '../sql/given-names.js';

const options = sharedOptions.slice(0, 3);

/** Runs in local Python, where DuckDB maps the files of the views; nothing starts Spark but a view that Spark holds. */
const duckdb: Magic = {
  name: 'duckdb',
  kind: 'cell',
  summary: 'SQL over the views by DuckDB, without Spark; -o NAME keeps the result as a view.',
  usage: '%%duckdb [-o NAME] [-n ROWS] [-q]\nSELECT carrier, avg(delay) FROM delays GROUP BY carrier',
  options,
  async execute(cell, { session, run }) {
    const asked = readSqlCell('duckdb', cell, options);
    if (asked.text.trim() === '') return { status: 'ok' };
    const { text, values } = await duckdbParameters(asked.text, (name) => session.valueOf(name, cell.signal));
    // As JSON in a text of Python: no value of the cell becomes code.
    const call = JSON.stringify(
      JSON.stringify({
        sql: text,
        parameters: values,
        output: asked.output ?? null,
        max_rows: asked.maxRows,
        quiet: asked.quiet,
      }),
    );
    const code = `__import__("crossview_views.duckdb_sql").duckdb_sql.run(views=views, **__import__("json").loads(${call}))`;
    const outcome = await run('python', code, { ...cell, argumentLine: '' });
    if (asked.output !== undefined && outcome.status === 'ok') giveName(session.views, asked.output);
    return outcome;
  },
};

export default duckdb;
