import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';
import { TestWorkspace } from '../support/workspace.js';

const minutes = 60_000;
const test = suite('jars that a notebook asks for', undefined, { timeout: 3 * minutes });
const work = new TestWorkspace('user-jars');
work.profile({ lake: { jarlake: { folder: 'lake' } } });

/** A small library that Spark does not have. */
const library = 'com.github.tototoshi:scala-csv_2.13:1.3.10';
const uses = `%%spark
import com.github.tototoshi.csv._
println("fields " + new CSVParser(defaultCSVFormat).parseLine("a,\\"b,c\\"").get.size)`;
const usesInPython = 'print("python", sc._jvm.com.github.tototoshi.csv.CSVParser is not None)';

test('spark.jars.packages in %%configure, resolved once and kept', () => {
  const configure = `%%configure -f\n{ "conf": { "spark.jars.packages": "${library}" } }`;
  work.notebook('Packages', [configure, uses, usesInPython]);
  const run = work.run('Packages.ipynb');
  assert.is(run.code, 0, run.stdout + run.stderr);
  assert.match(run.stdout, /fields 2[\s\S]*python True/);
});

test('a jar that lies in the lake, a file of this machine, and one that is not there', () => {
  const kept = join(process.env.CROSSVIEW_HOME ?? '', 'jars', 'packages');
  const found = readdirSync(kept, { recursive: true, encoding: 'utf8' }).find((name) => /scala-csv.*\.jar$/.test(name));
  assert.ok(found, `a jar below ${kept}`);
  mkdirSync(work.path('lake/libs'), { recursive: true });
  copyFileSync(join(kept, found), work.path('lake/libs/csv.jar'));
  for (const jar of ['abfss://libs@jarlake.dfs.core.windows.net/csv.jar', work.path('lake/libs/csv.jar')]) {
    work.notebook('Jar', [`%%configure\n{ "jars": ["${jar}"] }`, uses]);
    const run = work.run('Jar.ipynb');
    assert.is(run.code, 0, run.stdout + run.stderr);
    assert.match(run.stdout, /fields 2/);
  }
  work.notebook('NoJar', ['%%configure\n{ "jars": ["abfss://libs@jarlake.dfs.core.windows.net/no.jar"] }', uses]);
  const missing = work.run('NoJar.ipynb');
  assert.is(missing.code, 1);
  assert.match(missing.stderr, /There is no abfss:\/\/libs@jarlake\.dfs\.core\.windows\.net\/no\.jar/);
});

test('a package that is not to be had is named', () => {
  work.notebook('NoPackage', [
    '%%configure\n{ "conf": { "spark.jars.packages": "org.example.nowhere:nothing:1.0" } }',
    'spark.range(1).count()',
  ]);
  const run = work.run('NoPackage.ipynb');
  assert.is(run.code, 1);
  assert.match(
    run.stderr,
    /PACKAGES_FAILED: spark\.jars\.packages could not be resolved: org\.example\.nowhere:nothing:1\.0/,
  );
});

test.run();
