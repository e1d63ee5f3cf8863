import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type CellRun, runScala } from '../support/spark.js';
import { suite } from '../support/suite.js';
import { administrator, sql, useSynapseSpark } from '../support/synapse.js';

const test = suite('secrets', undefined, { timeout: 180_000 });
const open = useSynapseSpark(test);
const password = 'Hidden-0f-loader-1';
const database = 'secretive';
/** Everything that a user may see, by where it was seen. */
const seen: [string, string][] = [];

function commandLines(): string {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((entry) => {
      try {
        return readFileSync(`/proc/${entry}/cmdline`, 'latin1').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .join('\n');
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() && statSync(path).size < 5_000_000 ? [path] : [];
  });
}

async function cell(code: string): Promise<CellRun> {
  const { spark } = await open();
  let watching = true;
  const watch = (async () => {
    while (watching) {
      seen.push(['the process list', commandLines()]);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  })();
  try {
    const run = await runScala(spark.host, code);
    seen.push([`the cell ${code.trim().slice(0, 60)}`, JSON.stringify(run)]);
    return run;
  } finally {
    watching = false;
    await watch;
  }
}

test('no secret is in an output, an error, a metric, a log, a plan, a file or the process list', async () => {
  const { spark, storage, pool, secrets, lines } = await open();
  await sql(pool, 'master', `CREATE LOGIN hidden WITH PASSWORD = '${password}'`);
  await sql(
    pool,
    database,
    `CREATE USER hidden FOR LOGIN hidden; EXEC sp_addrolemember 'db_owner', 'hidden';
CREATE MASTER KEY ENCRYPTION BY PASSWORD = 'A-master-key-2013';
CREATE DATABASE SCOPED CREDENTIAL storagekey WITH IDENTITY = 'storage', SECRET = '${storage.key}';
CREATE EXTERNAL DATA SOURCE hiddensource WITH (TYPE = HADOOP, LOCATION = 'abfss://staging@devstoreaccount1.dfs.core.windows.net', CREDENTIAL = storagekey);
CREATE TABLE dbo.narrow (n bigint NULL, s nvarchar(2) NULL);`,
  );
  // The values come by properties, so that the code of the cells does not hold them.
  const given = `System.getProperty("crossview.test.password")`;
  const key = `System.getProperty("crossview.test.key")`;
  const bytes = (text: string) => `new String(Array[Byte](${[...Buffer.from(text)].join(', ')}))`;
  const setUp = await runScala(
    spark.host,
    `System.setProperty("crossview.test.password", ${bytes(password)}); System.setProperty("crossview.test.key", ${bytes(storage.key)}); ()`,
  );
  assert.is(setUp.outcome.status, 'ok');
  const login = `option(Constants.USER, "hidden").option(Constants.PASSWORD, ${given})`;
  const tell = 'callBackHandle = Some((m: Map[String, Any], e: Option[Throwable]) => println(s"$m $e"))';
  const good = [
    `spark.range(5).selectExpr("id n", "'x' s").write.${login}.option(Constants.STAGING_STORAGE_ACCOUNT_KEY, ${key}).synapsesql("${database}.dbo.one", ${tell})`,
    `spark.range(5).toDF("n").write.${login}.option("writeSemantics", "polybase").synapsesql("${database}.dbo.two", ${tell})`,
    `val back = spark.read.${login}.option(Constants.DATA_SOURCE, "hiddensource").synapsesql("${database}.dbo.one"); back.explain(true); back.show(); back`,
  ];
  for (const code of good) assert.is((await cell(code)).outcome.status, 'ok', JSON.stringify(seen.at(-1)));
  const bad = [
    `spark.read.option(Constants.USER, "hidden").option(Constants.PASSWORD, ${given} + "x").option(Constants.DATA_SOURCE, "hiddensource").synapsesql("${database}.dbo.one")`,
    `spark.range(5).selectExpr("id n", "'far too long' s").write.mode("append").${login}.synapsesql("${database}.dbo.narrow")`,
    `spark.range(5).selectExpr("id n", "'far too long' s").write.mode("append").${login}.option("writeSemantics", "polybase").synapsesql("${database}.dbo.narrow")`,
    `spark.range(5).selectExpr("raise_error('no') n").write.${login}.synapsesql("${database}.dbo.three")`,
    `spark.range(5).toDF("n").write.${login}.option(Constants.STAGING_STORAGE_ACCOUNT_KEY, ${key}.reverse).synapsesql("${database}.dbo.four")`,
  ];
  for (const code of bad) assert.is((await cell(code)).outcome.status, 'error', JSON.stringify(seen.at(-1)));

  seen.push(['the log', lines.join('\n')]);
  const requests = await sql(pool, database, 'SELECT command FROM sys.dm_pdw_exec_requests');
  seen.push(['the requests of the pool', requests.map(({ command }) => String(command)).join('\n')]);
  for (const path of filesBelow(spark.directories.root)) seen.push([path, readFileSync(path, 'latin1')]);

  const all = new Map<string, string>([
    ['the password of the login', password],
    ['the key of the account', storage.key],
    ['the password of the administrator', administrator.password],
  ]);
  // A signature is secret in each of its spellings.
  for (const secret of secrets) {
    all.set(`a secret of ${secret.length} characters`, secret);
    const signature = /(?:^|&)sig=([^&]+)/.exec(secret)?.[1];
    if (signature === undefined) continue;
    all.set('a signature', signature);
    all.set('a signature, decoded', decodeURIComponent(signature));
  }
  assert.ok(all.has('a signature'), 'no signature was made');
  for (const [what, secret] of all)
    for (const [where, text] of seen) assert.not.ok(text.includes(secret), `${what} is in ${where}`);
});

test.run();
