import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where the tests find Python, Spark, Java and the jars. Paths are absolute. */
export interface TestToolchain {
  readonly python: string;
  readonly java: string;
  readonly sparkHome: string;
  /** hadoop-azure and its companions. */
  readonly jars: readonly string[];
}

let found: TestToolchain | undefined;

/** @throws Error that names the variable to set when something is missing. */
export function testToolchain(): TestToolchain {
  if (found) return found;
  const python = process.env.CROSSVIEW_PYTHON;
  const jarFolder = process.env.CROSSVIEW_JARS;
  if (!python || !jarFolder)
    throw new Error('set CROSSVIEW_PYTHON and CROSSVIEW_JARS, or run the tests by npm test, which sets them up');
  const sparkHome = execFileSync(python, ['-c', 'import pyspark; print(pyspark.__path__[0])'], {
    encoding: 'utf8',
  }).trim();
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
  const jars = readdirSync(jarFolder)
    .filter((name) => name.endsWith('.jar'))
    .map((name) => join(jarFolder, name));
  found = { python, java, sparkHome, jars };
  return found;
}
