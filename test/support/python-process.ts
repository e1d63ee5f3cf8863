import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Json, SessionServer } from '@crossview/contracts';
import { root } from './paths.js';
import { testToolchain } from './toolchain.js';

const packages = ['session-rpc', 'temp-views', 'kernel', 'spark-session', 'synapse', 'notebook-utils'];

/** Runs the code of each line and answers with its `result`, or with the error that it raised. */
const loop = `
import json, sys
names = {}
for line in sys.stdin:
    names.pop("result", None)
    try:
        exec(json.loads(line), names)
        answer = {"result": names.get("result")}
    except BaseException as error:
        answer = {"error": {"type": type(error).__name__, "code": getattr(error, "code", None), "text": str(error)}}
    print("\\x1e" + json.dumps(answer, default=str), flush=True)
`;

export interface PythonError {
  readonly type: string;
  readonly code: string | null;
  readonly text: string;
}

/** A Python process of a session, whose names last from one run to the next. */
export class PythonProcess {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  constructor(session: SessionServer, environment: Readonly<Record<string, string>> = {}) {
    const { host, port, token } = session.address;
    this.#child = spawn(testToolchain().python, ['-c', loop], {
      env: {
        ...process.env,
        ...environment,
        CROSSVIEW_SESSION: `${host}:${port}`,
        CROSSVIEW_SESSION_TOKEN: token,
        PYTHONPATH: [
          ...packages.map((name) => join(root, 'packages', name, 'python')),
          join(root, 'test/fixtures/same-rows'),
          process.env.PYTHONPATH ?? '',
        ].join(':'),
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#answers = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** The value of `result` after the code. */
  async run(code: string): Promise<Json> {
    const answer = await this.#send(code);
    if (answer.error) throw new Error(`Python: ${answer.error.type}: ${answer.error.text}`);
    return answer.result ?? null;
  }

  async fails(code: string): Promise<PythonError> {
    const answer = await this.#send(code);
    if (!answer.error) throw new Error(`Python did not fail: ${code}`);
    return answer.error;
  }

  /** Lets it end by itself, as at the end of its input; one that does not is killed. */
  close(): void {
    this.#child.stdin?.end();
    setTimeout(() => this.#child.kill('SIGKILL'), 1000).unref();
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async #send(code: string): Promise<{ result?: Json; error?: PythonError }> {
    const lines = code.replace(/^\n/, '').split('\n');
    const indent = /^ */.exec(lines[0]!)![0].length;
    this.#child.stdin!.write(`${JSON.stringify(lines.map((line) => line.slice(indent)).join('\n'))}\n`);
    for (;;) {
      const { value, done } = await this.#answers.next();
      if (done) throw new Error('Python ended');
      const text = value as string;
      if (text.startsWith('\x1e')) return JSON.parse(text.slice(1)) as { result?: Json; error?: PythonError };
    }
  }
}
