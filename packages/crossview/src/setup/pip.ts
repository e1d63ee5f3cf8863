import { CrossviewError } from '@crossview/contracts';
import type { Progress } from '../system/progress.js';
import { runProcess } from '../system/run-process.js';
import { type LockName, lockFilePath } from './lock-file.js';

/** Turns what pip prints into progress. `--progress-bar raw` gives `Progress DONE of TOTAL` in bytes. */
function pipListener(progress: Progress): (line: string) => void {
  let collected = 0;
  let now = '';
  return (line) => {
    const collecting = /^Collecting ([A-Za-z0-9_.-]+)==(\S+)/.exec(line);
    if (collecting) {
      collected += 1;
      now = `${collected}. ${collecting[1]} ${collecting[2]}`;
      progress.update(now);
      return;
    }
    const bytes = /^Progress (\d+) of (\d+)/.exec(line.trim());
    if (bytes) {
      const [done, all] = [Number(bytes[1]), Number(bytes[2])];
      if (all > 5_000_000) progress.update(`${now}, ${Math.round(all / 1e6)} MB`, done / all);
      return;
    }
    const building = /^\s*Building wheel for (\S+)/.exec(line);
    if (building) progress.update(`building ${building[1]}`);
    if (line.startsWith('Installing collected packages')) progress.update('writing the packages');
  };
}

/**
 * Installs a lock file into an environment: only what it names, only files whose SHA-256 it holds.
 * @throws CrossviewError `PIP_FAILED` with pip's last lines.
 */
export async function installLock(python: string, name: LockName, progress: Progress): Promise<void> {
  // The build tools come first, with the pip that Python brought; everything after is installed and built with them.
  const first = name === 'build';
  const argv = [
    '-m',
    'pip',
    'install',
    '--require-hashes',
    '--no-input',
    '--disable-pip-version-check',
    '--no-warn-script-location',
    // delta-spark asks for a pyspark of its own choice.
    ...(name === 'lake' ? ['--no-deps'] : []),
    ...(first ? [] : ['--no-build-isolation', '--progress-bar', 'raw']),
    '-r',
    lockFilePath(name),
  ];
  const result = await runProcess(python, argv, {
    // What a shell set for another Python must not reach into this one.
    env: {
      ...process.env,
      PYTHONUNBUFFERED: '1',
      PYTHONPATH: '',
      PYTHONHOME: undefined,
      PIP_USER: '0',
      PIP_TARGET: undefined,
    },
    ...(first ? {} : { onLine: pipListener(progress) }),
  });
  if (result.code === 0) return;
  throw new CrossviewError('PIP_FAILED', `pip could not install ${name}.lock (exit code ${result.code})`, {
    hint: `pip said:\n${result.lastWords}\nRun the same command again: what was downloaded is kept. Proxies and mirrors are pip's own settings (pip config, PIP_*).`,
    facts: { lock: name, exitCode: result.code },
  });
}
