import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import * as assert from 'uvu/assert';
import { root, temporaryDirectory } from '../support/paths.js';
import { newSpark, runScala, sparkToolchain, type TestSpark } from '../support/spark.js';
import { suite } from '../support/suite.js';

const test = suite('spark-session lifecycle', undefined, { timeout: 180_000 });
const opened: TestSpark[] = [];
test.after.each(async () => {
  for (const { host, session } of opened.splice(0)) {
    await host.close();
    await session.close();
  }
});
async function open(options: Parameters<typeof newSpark>[0] = {}): Promise<TestSpark> {
  const spark = await newSpark({ warm: false, ...options });
  opened.push(spark);
  return spark;
}

/** The JVMs whose temporary directory lies in this session. */
function jvms(directory: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`-Djava.io.tmpdir=${directory}`);
      } catch {
        return false;
      }
    })
    .map(Number);
}
async function gone(directory: string, limit: number): Promise<number> {
  const begun = Date.now();
  while (jvms(directory).length > 0 && Date.now() - begun < limit) await new Promise((go) => setTimeout(go, 50));
  return jvms(directory).length;
}

test('nothing starts before it is needed, and probes do not start it', async () => {
  const { host, directories } = await open();
  assert.equal([host.state, host.running, host.version], ['stopped', false, undefined]);
  assert.equal(await host.list(), []);
  assert.is(await host.drop('v'), false);
  assert.equal(await host.isCompleteScala('def f = {'), { status: 'unknown' });
  await host.cancelJobs('none');
  assert.is(jvms(directories.root).length, 0);
});

test('one start for all callers; secrets stay off the command line; nothing lands in the working directory; close ends it', async () => {
  const work = temporaryDirectory('work');
  const { host, session, directories } = await open({ workingDirectory: () => work });
  await Promise.all([host.start(), host.start(), host.pythonEnvironment()]);
  assert.equal([host.state, host.version?.spark, host.version?.scala], ['ready', '4.1.4', '2.13.17']);
  const [pid, ...others] = jvms(directories.root);
  assert.is(others.length, 0);
  const secrets = [session.address.token, (await host.pythonEnvironment()).PYSPARK_GATEWAY_SECRET ?? 'missing'];
  const visible = readFileSync(`/proc/${pid}/cmdline`, 'utf8') + readFileSync(`/proc/${pid}/environ`, 'utf8');
  for (const secret of secrets) assert.not(visible.includes(secret));
  assert.is(readlinkSync(`/proc/${pid}/cwd`), work);
  const code =
    'spark.range(9).repartition(3).write.saveAsTable("kept"); case class C(a: Int); Seq(C(1)).toDS().count()';
  assert.equal((await runScala(host, code)).outcome, { status: 'ok' });
  assert.equal(readdirSync(work), []);
  const begun = Date.now();
  await Promise.all([host.close(), host.close()]);
  assert.ok(Date.now() - begun < 10_000);
  assert.is(jvms(directories.root).length, 0);
  assert.equal(
    readdirSync(directories.root).filter((name) => name.startsWith('repl-')),
    [],
  );
  const after = await host.start().catch((error: CrossviewError) => error.code);
  assert.is(after, 'SPARK_CLOSED');
});

test('a JVM that dies while a cell runs is named with its last words, and the next cell starts a new one', async () => {
  const { host, directories } = await open();
  await host.start();
  const exits: string[] = [];
  host.onExit((words) => exits.push(words));
  const code =
    'System.err.flush(); java.nio.file.Files.writeString(java.nio.file.Path.of("/dev/stderr"), "famous last words\\n", java.nio.file.StandardOpenOption.APPEND); Runtime.getRuntime.halt(3)';
  const { outcome } = await runScala(host, code);
  assert.is(outcome.status === 'error' && outcome.name, 'SPARK_ENDED');
  assert.match(outcome.status === 'error' ? outcome.value : '', 'famous last words');
  assert.match(outcome.status === 'error' ? outcome.value : '', 'with code 3');
  assert.is(exits.length, 1);
  assert.equal(await host.list(), []);
  const [result] = (await runScala(host, '1 + 1')).results;
  assert.is(result, 'val res0: Int = 2');
  process.kill(jvms(directories.root)[0] ?? 0, 'SIGKILL');
  while (host.running) await new Promise((go) => setTimeout(go, 20));
  const exported = await host.exportTo('v', directories.arrow, {}).catch((error: CrossviewError) => error.code);
  assert.is(exported, 'VIEW_NOT_FOUND');
});

test('SIGTERM ends the JVM', async () => {
  const { host, directories } = await open();
  await host.start();
  process.kill(jvms(directories.root)[0] ?? 0, 'SIGTERM');
  assert.is(await gone(directories.root, 10_000), 0);
});

test('kill -9 of the kernel ends the JVM and its Python workers', async () => {
  const directory = temporaryDirectory('killed');
  const { python, java, sparkHome, classPath, pythonPath } = await sparkToolchain();
  const toolchain = { python, java, javaMajor: 17, sparkHome, classPath, pythonPath };
  const code = `
    import { startSessionServer } from '@crossview/session-rpc';
    import { createSparkHost } from '@crossview/spark-session';
    const session = await startSessionServer();
    const directories = { id: 'x', root: ${JSON.stringify(directory)}, arrow: ${JSON.stringify(directory)} };
    const host = createSparkHost({ session, directories, toolchain: async () => (${JSON.stringify(toolchain)}), master: 'local[2]' });
    await host.start();
    const output = { stream() {}, result() {}, display() {} };
    console.log('running');
    await host.scala({ id: 'c', code: 'while (true) {}', signal: new AbortController().signal, output });`;
  const kernel = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: join(root, 'test'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => kernel.stdout.once('data', resolve));
  await new Promise((resolve) => setTimeout(resolve, 1000));
  assert.is(jvms(directory).length, 1);
  kernel.kill('SIGKILL');
  assert.is(await gone(directory, 10_000), 0);
});

test('a setting that Spark refuses is named, and a later start may succeed', async () => {
  let conf: Record<string, string> = { 'spark.driver.memory': '1g', 'spark.sql.shuffle.partitions': 'many' };
  const { host, directories } = await open({ conf: () => conf });
  const failed = await host.start().catch((error: CrossviewError) => error);
  assert.instance(failed, CrossviewError);
  assert.is((failed as CrossviewError).code, 'SPARK_START_FAILED');
  assert.match((failed as CrossviewError).message, 'many');
  assert.match((failed as CrossviewError).message, 'spark.sql.shuffle.partitions');
  assert.is(host.state, 'failed');
  assert.is(await gone(directories.root, 10_000), 0);
  conf = { 'spark.driver.memory': '1g' };
  await host.start();
  assert.is(host.state, 'ready');
});

test('a JVM that cannot start says why', async () => {
  const { host } = await open({ conf: { 'spark.driver.memory': 'plenty' } });
  const failed = (await host.start().catch((error: unknown) => error)) as CrossviewError;
  assert.is(failed.code, 'SPARK_START_FAILED');
  assert.match(failed.message, 'Invalid maximum heap size');
});

test('without Java the error says what to do', async () => {
  const toolchain = async () => ({ ...(await sparkToolchain()), java: '/nowhere/java' });
  const { host } = await open({ toolchain });
  const failed = (await host.start().catch((error: unknown) => error)) as CrossviewError;
  assert.is(failed.code, 'JAVA_NOT_FOUND');
  assert.match(failed.hint ?? '', 'crossview setup');
  assert.is(existsSync('/nowhere'), false);
});

test('lines of the preload that do not compile are left out', async () => {
  const { host } = await open({ preload: ['import no.such.Thing._', 'import java.time.LocalDate'] });
  const { results } = await runScala(host, 'LocalDate.of(2013, 1, 1).toString');
  assert.match(results.join(), 'String = 2013-01-01');
});

test.run();
