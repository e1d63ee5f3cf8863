import { CrossviewError } from '@crossview/contracts';
import { runProcess } from '../system/run-process.js';

export interface BasePython {
  readonly executable: string;
  /** `3.11.7`. */
  readonly version: string;
}

/** The oldest minor version of Python 3 that the lock files were resolved for. */
export const oldestMinor = 10;

const names: readonly (readonly string[])[] =
  process.platform === 'win32'
    ? [['py', '-3'], ['python']]
    : [['python3'], ['python3.13'], ['python3.12'], ['python3.11'], ['python3.10'], ['python3.14'], ['python']];

const question =
  'import sys, platform; print(sys.executable); print(platform.python_version()); import venv, ensurepip';

/** What a Python says of itself, or why it cannot serve. */
export async function askPython(command: readonly string[]): Promise<BasePython | string> {
  const name = command.join(' ');
  let result: Awaited<ReturnType<typeof runProcess>>;
  try {
    result = await runProcess(command[0]!, [...command.slice(1), '-c', question], { timeoutMs: 30_000 });
  } catch {
    return `${name}: not found`;
  }
  const [executable = '', version = ''] = result.stdout.split('\n').map((line) => line.trim());
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (version === '') return `${name}: does not start`;
  if (major !== 3 || minor < oldestMinor) return `${name}: is ${version}, and 3.${oldestMinor} or newer is needed`;
  if (result.code !== 0)
    return `${name}: is ${version}, but cannot make environments (Debian and Ubuntu: apt install python3-venv)`;
  return { executable, version };
}

/**
 * Finds a Python that can make an environment.
 * @throws CrossviewError `PYTHON_NOT_FOUND` with what each candidate lacked.
 */
export async function findBasePython(): Promise<BasePython> {
  const reasons: string[] = [];
  for (const command of names) {
    const answer = await askPython(command);
    if (typeof answer !== 'string') return answer;
    reasons.push(answer);
  }
  throw new CrossviewError('PYTHON_NOT_FOUND', `no Python 3.${oldestMinor} or newer that can make environments`, {
    hint: `Looked at:\n${reasons.map((reason) => `- ${reason}`).join('\n')}\nInstall Python, or set CROSSVIEW_PYTHON to one that has pyspark, ipykernel, pyarrow and pandas.`,
  });
}
