import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { javaHomeForSpark } from './java-home.js';
import { freePort } from './jupyter-server.js';
import { temporaryDirectory } from './paths.js';
import { testToolchain } from './toolchain.js';

export interface SparkCluster {
  /** `spark://127.0.0.1:port` */
  readonly master: string;
  /** Settings that a session on this cluster needs besides the master. */
  readonly conf: Readonly<Record<string, string>>;
  /** The directories of the workers, in which their executors run. */
  readonly directories: readonly string[];
  close(): Promise<void>;
}

/**
 * A standalone master with two workers on loopback, each with a directory of its own. Nothing else is shared with the
 * session, whose driver cannot know that its executors are on the same host: data goes through it.
 */
export async function startSparkCluster(): Promise<SparkCluster> {
  const root = temporaryDirectory('cluster');
  const port = await freePort();
  const master = `spark://127.0.0.1:${port}`;
  const javaHome = javaHomeForSpark(join(root, 'java'));
  const children: ChildProcess[] = [];
  const kill = () => {
    for (const child of children)
      try {
        // Executors are in the group of their worker.
        process.kill(-child.pid!, 'SIGKILL');
      } catch {}
  };
  process.once('exit', kill);
  const daemon = (name: string, main: string, ...flags: string[]) => {
    const folder = join(root, name);
    mkdirSync(join(folder, 'local'), { recursive: true });
    const { java, sparkHome } = testToolchain();
    writeFileSync(join(root, 'log4j2.properties'), logging);
    const child = spawn(
      java,
      [
        '-Xmx256m',
        '-XX:+IgnoreUnrecognizedVMOptions',
        '--add-opens=java.base/sun.nio.ch=ALL-UNNAMED',
        '--add-opens=java.base/java.nio=ALL-UNNAMED',
        `-Dlog4j2.configurationFile=${join(root, 'log4j2.properties')}`,
        '-cp',
        join(sparkHome, 'jars', '*'),
        `org.apache.spark.deploy.${main}`,
        ...['--host', '127.0.0.1', '--webui-port', '0', ...flags],
      ],
      {
        cwd: folder,
        env: {
          ...process.env,
          SPARK_HOME: sparkHome,
          // Spark's scripts set it; the command of an executor is made with it.
          SPARK_SCALA_VERSION: '2.13',
          SPARK_LOCAL_IP: '127.0.0.1',
          SPARK_LOCAL_HOSTNAME: 'localhost',
          SPARK_LOCAL_DIRS: join(folder, 'local'),
          JAVA_HOME: javaHome,
        },
        stdio: ['ignore', 'ignore', 'ignore'],
        detached: true,
      },
    );
    children.push(child);
    return { folder, child };
  };
  daemon('master', 'master.Master', '--port', String(port));
  await answers(port);
  const workers = ['worker-1', 'worker-2'].map((name) => {
    const { folder } = daemon(
      name,
      'worker.Worker',
      '--cores',
      '1',
      '--memory',
      '768m',
      '--work-dir',
      join(root, name),
      master,
    );
    return folder;
  });
  return {
    master,
    conf: {
      'spark.executor.memory': '512m',
      'spark.executor.cores': '1',
      'spark.cores.max': '2',
      'spark.driver.host': '127.0.0.1',
      'spark.driver.bindAddress': '127.0.0.1',
    },
    directories: workers,
    async close() {
      process.off('exit', kill);
      kill();
      await Promise.all(
        children.map(
          (child) => child.exitCode ?? child.signalCode ?? new Promise((resolve) => child.once('exit', resolve)),
        ),
      );
    },
  };
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const there = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (there) return;
    await sleep(200);
  }
  throw new Error('the Spark master did not start');
}

/** What the executors wrote to their standard error, for a test that fails. */
export function executorLogs({ directories }: SparkCluster): string {
  return directories
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
    .filter((path) => path.endsWith('/stderr') && existsSync(path))
    .map((path) => readFileSync(path, 'utf8').slice(-2000))
    .join('\n');
}

const logging = `rootLogger.level = warn
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %p %c{1}: %m%n%ex
`;
