import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import * as assert from 'uvu/assert';
import { findJava } from '../../../packages/crossview/src/setup/java.js';
import { temporaryDirectory } from '../../support/paths.js';
import { suite } from '../../support/suite.js';

const test = suite('which Java');

/** A program that answers `-version` as a Java of this version does. */
function javaHome(version: string, exitCode = 0): string {
  const home = temporaryDirectory('java');
  mkdirSync(join(home, 'bin'));
  const program = join(home, 'bin', 'java');
  writeFileSync(program, `#!/bin/sh\necho 'openjdk version "${version}" 2023-10-17' >&2\nexit ${exitCode}\n`);
  chmodSync(program, 0o755);
  return home;
}

async function codeOf(env: NodeJS.ProcessEnv): Promise<string> {
  try {
    await findJava(env);
  } catch (error) {
    if (error instanceof CrossviewError) return error.code;
    throw error;
  }
  return 'none';
}

test('JAVA_HOME comes before the PATH', async () => {
  const found = await findJava({ JAVA_HOME: javaHome('21.0.1'), PATH: join(javaHome('17.0.9'), 'bin') });
  assert.is(found?.major, 21);
  assert.is(found?.source, 'JAVA_HOME');
});

test('a JAVA_HOME that does not serve is an error, never passed over', async () => {
  const path = join(javaHome('17.0.9'), 'bin');
  assert.is(await codeOf({ JAVA_HOME: javaHome('11.0.2'), PATH: path }), 'JAVA_TOO_OLD');
  assert.is(await codeOf({ JAVA_HOME: javaHome('1.8.0_402'), PATH: path }), 'JAVA_TOO_OLD');
  assert.is(await codeOf({ JAVA_HOME: '/nowhere', PATH: path }), 'JAVA_NOT_FOUND');
});

test('on the PATH the first that is new enough and starts is taken', async () => {
  const path = [javaHome('11.0.2'), javaHome('17.0.9', 1), javaHome('17.0.9')].map((home) => join(home, 'bin'));
  const found = await findJava({ PATH: `/nowhere:${path.join(':')}` });
  assert.is(found?.executable, join(path[2]!, 'java'));
  assert.is(found?.source, 'PATH');
});

test('none is no error: set-up brings one', async () => {
  assert.is(await findJava({ PATH: '/nowhere' }), undefined);
});

test.run();
