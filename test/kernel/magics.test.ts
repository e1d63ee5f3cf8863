import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { echo } from '../support/echo-language.js';
import { contents, kinds, textOn } from '../support/kernel-client.js';
import { type KernelSession, startKernelSession } from '../support/kernel-session.js';
import { suite } from '../support/suite.js';

const test = suite('magics', undefined, { timeout: 30_000 });
let session: KernelSession;
let directory: string;

test.before(async () => {
  session = await startKernelSession({ defaultLanguage: 'echo', languages: [echo] });
  directory = session.context.workingDirectory;
});
test.after(() => session.close());

const run = (code: string) => session.client.execute(code);
const hintOf = ({ reply }: Awaited<ReturnType<typeof run>>) => String((reply.content.traceback as string[]).at(-1));

test('%lsmagic and help are made from the declarations', async () => {
  const list = textOn(await run('%lsmagic'));
  for (const name of [
    '%%pyspark',
    '%%spark, %%scala',
    '%%sql',
    '%%tsql',
    '%%python, %%local',
    '%%html',
    '%run',
    '%%configure',
    '%history',
  ])
    assert.ok(list.includes(name), name);
  const help = await run('%%configure?');
  const [payload] = help.reply.content.payload as { source: string; data: Record<string, string> }[];
  assert.is(payload?.source, 'page');
  assert.match(payload?.data['text/plain'] ?? '', /-f, --force/);
  const inspect = await session.client.ask('inspect_request', {
    code: '%%timeit -n 3',
    cursor_pos: 4,
    detail_level: 0,
  });
  assert.match(String((inspect.reply.content.data as Record<string, string>)['text/plain']), /--repeat/);
});

test('there is help on each magic and language, which it names with its own options', async () => {
  const list = textOn(await run('%lsmagic'));
  const cells =
    'pyspark spark scala sql tsql typescript ts javascript python local html markdown bash sh time timeit capture writefile configure csharp sparkr info logs cleanup send_to_spark kernel';
  const lines = 'lsmagic time timeit history run load sql info';
  const names = [...cells.split(' ').map((name) => `%%${name}`), ...lines.split(' ').map((name) => `%${name}`)];
  for (const name of names) {
    const { reply } = await run(`${name}?`);
    const [payload] = reply.content.payload as { source: string; data: Record<string, string> }[];
    const text = payload?.data['text/plain'] ?? '';
    assert.is(payload?.source, 'page', name);
    assert.ok(text.length > 40, `${name}: ${text}`);
    assert.ok(list.includes(name.replace(/^%+/, '')), `%lsmagic does not name ${name}`);
  }
});

test('line magics stand among the lines of a cell', async () => {
  const answer = await run('echo:one\n%history -n\necho:two\nline:');
  const text = textOn(answer);
  assert.match(text, /^one\n/);
  assert.match(text, /two\nline 2\n$/);
});

test('%history prints ranges across languages', async () => {
  const { reply } = await run('echo:remember me');
  const count = Number(reply.content.execution_count);
  assert.is(textOn(await run(`%history -n ${count}-${count}`)), `${count}: echo:remember me\n`);
  assert.is((await run('%history x')).reply.content.ename, 'HISTORY_RANGE');
});

test('%%html and %%markdown show their text', async () => {
  const [html] = contents(await run('%%html\n<b>x</b>'), 'display_data');
  assert.equal(html?.data, { 'text/plain': '<HTML>', 'text/html': '<b>x</b>' });
  const [markdown] = contents(await run('%%markdown\n# x'), 'display_data');
  assert.equal(markdown?.data, { 'text/plain': '# x', 'text/markdown': '# x' });
});

test('%%time, %%timeit and %%capture stand over any language', async () => {
  assert.match(textOn(await run('%%time\necho:x')), /^x\nWall time: /);
  assert.match(textOn(await run('%time sleep:20')), /Wall time: \d/);
  assert.match(textOn(await run('%%timeit -r 2 -n 3\necho:x')), /^\S+ (ms|s) ± .* 2 rounds, 3 runs each/);
  assert.equal(kinds(await run('%%capture\necho:hidden')), ['busy', 'execute_input', 'idle']);
});

test('%%writefile writes and appends in the notebook’s directory', async () => {
  assert.is(textOn(await run('%%writefile notes.txt\none')), 'Writing notes.txt\n');
  assert.is(textOn(await run('%%writefile -a notes.txt\ntwo')), 'Appending to notes.txt\n');
  assert.is(readFileSync(join(directory, 'notes.txt'), 'utf8'), 'one\ntwo\n');
  const { reply } = await run('%load notes.txt');
  assert.is((reply.content.payload as { source: string }[])[0]?.source, 'set_next_input');
});

test('%%bash streams, fails with its code, and is stopped with all it started', async () => {
  const answer = await run('%%bash\necho out; echo err >&2; exit 3');
  assert.is(textOn(answer), 'out\n');
  assert.is(textOn(answer, 'stderr'), 'err\n');
  assert.match(String(answer.reply.content.evalue), 'code 3');
  const running = run('%%sh\nsleep 60 & echo begun; sleep 60');
  await session.client.said('begun\n');
  await session.client.ask('interrupt_request', {}, 'control');
  assert.is((await running).reply.content.ename, 'KeyboardInterrupt');
});

test('%run runs a notebook in its own language, with parameters only where Python is', async () => {
  mkdirSync(join(directory, 'folder'), { recursive: true });
  const code = (source: string, tags: string[] = []) => ({
    cell_type: 'code',
    source: source.split(/(?<=\n)/),
    metadata: { tags },
  });
  const notebook = (...cells: object[]) =>
    JSON.stringify({ cells: [{ cell_type: 'markdown', source: '# x' }, ...cells], metadata: {} });
  writeFileSync(
    join(directory, 'folder', 'inner.ipynb'),
    notebook(code('echo:inner\necho:more'), code('%%html\n<i>i</i>')),
  );
  writeFileSync(
    join(directory, 'outer.ipynb'),
    notebook(code('echo:before'), code('%run /folder/inner'), code('echo:after')),
  );
  writeFileSync(join(directory, 'self.ipynb'), notebook(code('%run self')));
  const answer = await run('%run outer');
  assert.is(textOn(answer), 'before\ninner\nmore\nafter\n');
  assert.is(contents(answer, 'display_data').length, 1);
  assert.is((await run('%run self')).reply.content.ename, 'RUN_RECURSIVE');
  assert.is((await run('%run nowhere')).reply.content.ename, 'FILE_NOT_FOUND');
  assert.is((await run('%run outer { "a": ')).reply.content.ename, 'JSON_INVALID');
});

test('%%configure reads what real notebooks contain and says what has no effect', async () => {
  const body =
    '{ // memory\n "driverMemory": "4g"\n "conf": {"spark.sql.shuffle.partitions": 8, "spark.executor.cores": 2,},\n "defaultLakehouse": {"name": "x"}, "numExecutors": {"parameterName": "n", "defaultValue": 2}, }';
  const text = textOn(await run(`%%configure\n${body}`));
  for (const part of [
    'spark.driver.memory = 4g',
    'spark.sql.shuffle.partitions = 8',
    'spark.executor.instances = 2',
    'defaultLakehouse has no effect',
    'write executorCores',
  ])
    assert.ok(text.includes(part), `${part} in ${text}`);
  assert.is((await run('%%configure\n{ nonsense')).reply.content.ename, 'JSON_INVALID');
  assert.is((await run('%%configure -x\n{}')).reply.content.ename, 'OPTION_UNKNOWN');
});

test('%%configure says when Spark runs already, and restarts it with -f', async () => {
  const { spark } = session.context;
  let stopped = 0;
  const stop = async () => {
    stopped += 1;
  };
  const running = { state: 'ready' as const, stop };
  const other = await startKernelSession({
    defaultLanguage: 'echo',
    languages: [echo],
    context: { spark: { ...spark, ...running } },
  });
  try {
    const refused = await other.client.execute('%%configure\n{"driverMemory": "2g"}');
    assert.is(refused.reply.content.ename, 'SPARK_RUNS');
    assert.match(hintOf(refused), '%%configure -f');
    assert.is(stopped, 0);
    assert.match(
      textOn(await other.client.execute('%%configure -f\n{"driverMemory": "2g"}')),
      'spark.driver.memory = 2g',
    );
    assert.is(stopped, 1);
  } finally {
    await other.close();
  }
});

test('languages that are missing say what to do', async () => {
  for (const name of ['csharp']) {
    const answer = await run(`%%${name}\nx`);
    assert.is(answer.reply.content.ename, 'LANGUAGE_UNSUPPORTED');
    assert.match(hintOf(answer), '%%pyspark');
  }
});

test('%info, %logs and %%cleanup', async () => {
  assert.match(textOn(await run('%info')), 'Spark: stopped');
  writeFileSync(join(directory, 'kernel.log'), 'a line\n');
  assert.match(textOn(await run('%%logs')), 'a line');
  assert.is((await run('%logs other')).reply.content.ename, 'LOG_UNKNOWN');
  assert.is((await run('%%cleanup')).reply.content.ename, 'CLEANUP_UNFORCED');
  assert.is((await run('%%cleanup -f')).reply.content.status, 'ok');
});

test('what stands behind a magic is read or refused, never passed over', async () => {
  assert.is(textOn(await run('%%bash -s one "two words"\necho "$2"')), 'two words\n');
  assert.is((await run('%%bash --out x\necho 1')).reply.content.ename, 'OPTION_UNKNOWN');
  assert.is((await run('%%sh echo 1\necho 2')).reply.content.ename, 'MAGIC_ARGUMENTS');
  assert.is((await run('%%local print(1)\nprint(2)')).reply.content.ename, 'MAGIC_ARGUMENTS');
  assert.is((await run('%%spark -x\n1')).reply.content.ename, 'OPTION_UNKNOWN');
  assert.is((await run('%%send_to_spark -i a -t str')).reply.content.ename, 'OPTION_VALUE');
  const [isolated] = contents(await run('%%html --isolated\n<b>x</b>'), 'display_data');
  assert.equal(isolated?.metadata, { 'text/html': { isolated: true } });
  const configured = await run('%%configure -f {"conf": {"spark.a": {"parameterName": "p"}}}');
  assert.is(configured.reply.content.ename, 'CONFIGURE_VALUE');
  assert.match(textOn(await run('%%configure\n{"driverMemry": "1g"}')), 'did you mean driverMemory?');
});

test('one line, or a cell with one sign, in another language', async () => {
  assert.is(textOn(await run('echo:a\n%echo echo:b\necho:c')), 'a\nb\nc\n');
  assert.is(textOn(await run('%echo\necho:whole')), 'whole\n');
  assert.is(textOn(await run('%%Echo\necho:any case')), 'any case\n');
  const { reply } = await run('%lsmagc');
  assert.is(reply.content.ename, 'MAGIC_UNKNOWN');
  assert.match(String((reply.content.traceback as string[]).at(-1)), 'Did you mean %lsmagic?');
});

test('%history finds, counts back and writes', async () => {
  await run('echo:needle one');
  await run('echo:needle two');
  assert.is(textOn(await run('%history -g echo:needle* -l 1')), 'echo:needle two\n');
  assert.is(textOn(await run('%history -g echo:needle?two -n')).split(': ')[1], 'echo:needle two\n');
  assert.is((await run('%history -f cells.txt -g echo:needle*')).reply.content.status, 'ok');
  assert.match(readFileSync(join(directory, 'cells.txt'), 'utf8'), /^echo:needle one\necho:needle two\n/);
});

test('what stands behind a magic completes', async () => {
  const complete = async (code: string) =>
    (await session.client.ask('complete_request', { code, cursor_pos: code.length })).reply.content.matches;
  assert.equal(await complete('%run folder/in'), ['folder/inner.ipynb']);
  assert.equal(await complete('%load not'), ['notes.txt']);
  assert.ok(((await complete('%%kernel pyth')) as string[]).includes('python3'));
});

test('text under a magic is not taken for code of the notebook', async () => {
  const { client } = session;
  const code = '%%bash\nec';
  const completed = await client.ask('complete_request', { code, cursor_pos: code.length });
  assert.equal(completed.reply.content.matches, []);
  const status = async (text: string) => (await client.ask('is_complete_request', { code: text })).reply.content.status;
  assert.equal([await status('%%html\n<b>'), await status('%%html\n<b>x</b>\n\n')], ['incomplete', 'complete']);
  const timed = '%%time\nec';
  const under = await client.ask('complete_request', { code: timed, cursor_pos: timed.length });
  assert.equal(under.reply.content.matches, ['echo']);
  const single = '%echo\nec';
  const { reply } = await client.ask('complete_request', { code: single, cursor_pos: single.length });
  assert.equal([reply.content.matches, reply.content.cursor_start], [['echo'], single.length - 2]);
});

test('options of a magic complete', async () => {
  const { reply } = await session.client.ask('complete_request', { code: '%%timeit --re', cursor_pos: 13 });
  assert.equal(reply.content.matches, ['--repeat']);
  const sql = await session.client.ask('complete_request', { code: '%%tsql -se', cursor_pos: 10 });
  assert.equal(sql.reply.content.matches, ['-server', '-session']);
});

test.run();
