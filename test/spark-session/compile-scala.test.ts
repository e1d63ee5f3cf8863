import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { CrossviewError } from '@crossview/contracts';
import { compileScala, findScala } from '@crossview/spark-session';
import * as assert from 'uvu/assert';
import { temporaryDirectory } from '../support/paths.js';
import { suite } from '../support/suite.js';
import { testToolchain } from '../support/toolchain.js';

const test = suite('spark-session compileScala', undefined, { timeout: 90_000 });

test('the same sources are compiled once, others anew, and errors leave nothing', async () => {
  const { java, sparkHome } = testToolchain();
  const folder = temporaryDirectory('scala');
  const source = join(folder, 'A.scala');
  const output = join(folder, 'out');
  writeFileSync(source, 'package a\nclass A(val spark: org.apache.spark.sql.SparkSession)');
  assert.equal(await findScala([folder, join(folder, 'missing')]), [source]);
  const compile = () => compileScala({ java, sparkHome, sources: [source], output });
  const [first, again] = await Promise.all([compile(), compile()]);
  assert.is(first, again);
  assert.is(basename(first), 'crossview.jar');
  const made = statSync(first).mtimeMs;
  assert.is(await compile(), first);
  assert.is(statSync(first).mtimeMs, made);
  writeFileSync(source, 'package a\nclass B(val spark: Missing)');
  const failed = (await compile().catch((error: unknown) => error)) as CrossviewError;
  assert.is(failed.code, 'SCALA_COMPILE_FAILED');
  assert.match(failed.message, 'not found: type Missing');
  assert.is(readdirSync(output).length, 1);
});

test('without Java the error says so', async () => {
  const { sparkHome } = testToolchain();
  const output = temporaryDirectory('scala');
  const failed = await compileScala({ java: '/nowhere/java', sparkHome, sources: [], output }).catch((e) => e.code);
  assert.is(failed, 'JAVA_NOT_FOUND');
});

test.run();
