import * as assert from 'uvu/assert';
import { javaArguments } from '../../packages/spark-session/src/java-command.js';
import { isLocal, sessionSettings } from '../../packages/spark-session/src/spark-conf.js';
import { sparkToolchain, testDirectories } from '../support/spark.js';
import { suite } from '../support/suite.js';

const test = suite('spark-session settings', undefined, { timeout: 120_000 });
const toolchain = { python: '/py', classPath: ['/own.jar'] };

test('which masters are this machine', () => {
  assert.equal(['local', 'local[*]', 'local[2,3]', 'local-cluster[1,1,512]', 'spark://h:7077', 'yarn'].map(isLocal), [
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

test('the user’s settings win, except for the master', () => {
  const directories = testDirectories();
  const user = { 'spark.sql.shuffle.partitions': '3', 'spark.master': 'yarn' };
  const settings = sessionSettings(directories, 'local[*]', toolchain, user);
  assert.equal([settings['spark.sql.shuffle.partitions'], settings['spark.master']], ['3', 'local[*]']);
  assert.equal([settings['spark.ui.enabled'], settings['spark.sql.session.timeZone']], ['false', 'UTC']);
  assert.ok(settings['spark.local.dir']?.startsWith(directories.root));
  assert.ok(settings['spark.sql.warehouse.dir']?.startsWith(directories.root));
  assert.is(settings['spark.jars'], undefined);
  assert.is(settings['spark.sql.parquet.outputTimestampType'], undefined);
});

test('executors elsewhere are sent our classes, and no loopback address', () => {
  const settings = sessionSettings(testDirectories(), 'spark://h:7077', toolchain, { 'spark.jars': '/user.jar' });
  assert.is(settings['spark.jars'], '/own.jar,/user.jar');
  assert.is(settings['spark.driver.host'], undefined);
});

test('the command line: memory, user jars behind Spark’s, no vector module', async () => {
  const found = await sparkToolchain();
  const settings = {
    'spark.driver.memory': '3g',
    'spark.jars': 'file:///user.jar, hdfs://far.jar',
    'spark.driver.extraJavaOptions': '-Da=1  -Db=2',
  };
  const flags = javaArguments({ toolchain: found, settings, temporary: '/t', logging: '/l', archive: '/a.jsa' });
  for (const flag of ['-Xmx3g', '-Da=1', '-Db=2', '-XX:SharedArchiveFile=/a.jsa', '-Djava.io.tmpdir=/t'])
    assert.ok(flags.includes(flag), flag);
  assert.not(flags.some((flag) => flag.includes('incubator')));
  const path = flags[flags.indexOf('-cp') + 1]?.split(':') ?? [];
  assert.equal([path[0], path.at(-1)], [found.classPath[0], '/user.jar']);
});

test.run();
