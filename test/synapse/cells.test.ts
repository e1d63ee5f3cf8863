import { createSqlClient, createStorageClient, createSynapse, type SynapseService } from '@crossview/synapse';
import * as assert from 'uvu/assert';
import { contents, textOn } from '../support/kernel-client.js';
import { type KernelSession, startKernelSession } from '../support/kernel-session.js';
import { suite } from '../support/suite.js';
import { sql, usePool } from '../support/synapse.js';

const test = suite('synapsesql in TypeScript and Python cells', undefined, { timeout: 90_000 });
const open = usePool(test);
let session: KernelSession;
let synapse: SynapseService;

test.before(
  async () => {
    const { storage, pool } = await open();
    session = await startKernelSession({ context: { pools: pool.pools, sql: createSqlClient() } });
    const { context, kernel } = session;
    synapse = createSynapse({
      pools: pool.pools,
      sql: context.sql,
      storage: createStorageClient(),
      accounts: storage.accounts,
      staging: { account: storage.account.name, container: 'staging', prefix: '' },
      session: context.session,
      toolchain: context.toolchain,
      directories: context.directories,
      sessionId: 'cells',
      log: () => {},
      progress: kernel.progress,
    });
  },
  { timeout: 60_000 },
);
test.after(async () => {
  await synapse?.close();
  await session?.close();
});

async function run(code: string, options = {}) {
  const answer = await session.client.execute(code, options);
  assert.is(answer.reply.content.status, 'ok', JSON.stringify(answer.reply.content));
  return answer;
}

test('TypeScript writes columns and reads them back', async () => {
  const written = await run(`%%typescript
const metrics = await synapsesql.write({ id: [1, 2, 3], name: ['a', 'b', null] }, 'celltest.dbo.ts', { mode: 'overwrite' });
console.log(metrics.rows_processed, metrics.SaveModeApplied);`);
  assert.match(textOn(written), '→ local pool\n3 rows ');
  assert.match(textOn(written), '3 CREATE\n');
  const read = await run(`%%typescript
const back = await synapsesql.read('celltest.dbo.ts', { columns: ['name'], limit: 2 });
console.log(back.numRows, back.schema.names.join());
const counted = await sqlanalytics.read('SELECT COUNT(*) AS n FROM dbo.ts', { [Constants.DATABASE]: 'celltest' });
console.log(counted.get(0)!.n);`);
  assert.match(textOn(read), '2 name\n');
  assert.match(textOn(read), '3\n');
  assert.equal(await sql((await open()).pool, 'celltest', 'SELECT COUNT(*) AS n FROM dbo.ts'), [{ n: 3 }]);
});

test('an error in TypeScript has its code and says what to do', async () => {
  const answer = await session.client.execute("%%typescript\nawait synapsesql.write({ id: [1] }, 'celltest.dbo.ts')");
  assert.match(String(answer.reply.content.evalue), /exists already/);
  assert.match(JSON.stringify(answer.reply.content), /overwrite/);
});

test('Python without Spark writes a pandas frame, a view, and reads', async () => {
  const answer = await run(`import pandas
frame = pandas.DataFrame({"n": pandas.array([1, None, 3], dtype="Int64"), "s": ["x", "größe", None]})
synapsesql.write(frame, "celltest.dbo.py", mode="overwrite")
views["v"] = frame
synapsesql.write("v", "celltest.dbo.py", mode="append")
back = synapsesql.read("celltest.dbo.py")
print(len(back), back.to_pandas()["n"].sum(), sorted(back.arrow().schema.names))
try:
    synapsesql.read("celltest.dbo.nothing_here")
except Exception as error:
    print(error.code)`);
  assert.match(textOn(answer), "6 8 ['n', 's']\n");
  assert.match(textOn(answer), 'TABLE_NOT_FOUND\n');
});

test('what is done shows in the running cell, where somebody sits', async () => {
  const lines: string[] = [];
  const running = session.client.execute(
    'import time\nprint("begun", flush=True)\ntime.sleep(2.5)\nprint("slept")',
    { allow_stdin: true },
    { cellId: 'c' },
  );
  await session.client.said('begun\n');
  session.kernel.progress('COPY INTO → [dbo].[t]: 5 rows');
  assert.ok(session.kernel.say('To sign in, open the page and enter the code ABC'));
  const answer = await running;
  for (const { data } of contents(answer, 'display_data')) lines.push(JSON.stringify(data));
  assert.ok(lines.join().includes('COPY INTO → [dbo].[t]: 5 rows'), lines.join());
  assert.match(textOn(answer, 'stderr'), /enter the code ABC/);
  assert.not.ok(session.kernel.say('nobody hears this'));
});

test.run();
