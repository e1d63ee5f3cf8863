import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { CrossviewError } from '@crossview/contracts';
import { type Places, packageFile, privateDirectory } from '../places.js';
import { withLock } from '../system/file-lock.js';
import { isAlive, type ProcessIdentity } from '../system/process-identity.js';
import { type RunningServices, readSupervisorState, type SupervisorState, supervisorLogPath } from './state.js';

/** The local services as one session sees them. */
export interface LocalServices {
  /**
   * Starts them, or joins those that run; notices when they are gone and starts them anew. Concurrent calls share one.
   * @throws CrossviewError `SERVICES_FAILED` with the end of their log.
   */
  get(): Promise<RunningServices>;
  /** Lets go of them; they end when nobody else holds them. May be called twice. */
  close(): void;
}

const startLimit = 60_000;
const largestLog = 5_000_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export function localServices(places: Places): LocalServices {
  let held: Joined | undefined;
  let joining: Promise<RunningServices> | undefined;
  let closed = false;

  const join = async (): Promise<RunningServices> => {
    const joined = (await tryJoin(places)) ?? (await startAndJoin(places));
    const { socket, services } = joined;
    if (closed) {
      socket.destroy();
      throw new CrossviewError('SERVICES_FAILED', 'the session was closed while the local services started');
    }
    held = joined;
    socket.once('close', () => {
      if (held?.socket === socket) held = undefined;
    });
    return services;
  };
  return {
    async get() {
      // The socket's own word of the end may come a moment later than the end.
      if (held && isAlive(held.supervisor)) return held.services;
      joining ??= join().finally(() => {
        joining = undefined;
      });
      return joining;
    },
    close() {
      closed = true;
      held?.socket.destroy();
      held = undefined;
    },
  };
}

type Joined = { socket: Socket; services: RunningServices; supervisor: ProcessIdentity };

/** Joins services that are ready; `undefined` when there are none that answer. */
async function tryJoin(places: Places): Promise<Joined | undefined> {
  const state = readSupervisorState(places);
  if (state?.phase !== 'ready' || !isAlive(state)) return undefined;
  const socket = await greet(state.control);
  return socket === undefined ? undefined : { socket, services: state.services, supervisor: state };
}

function greet(control: { port: number; token: string }): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: control.port });
    const fail = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(undefined);
    };
    const timer = setTimeout(fail, 3_000);
    socket.on('error', () => {});
    socket.once('close', fail);
    socket.once('connect', () => socket.write(`${control.token}\n`));
    socket.once('data', () => {
      clearTimeout(timer);
      socket.off('close', fail);
      // A session that is done must not be kept alive by its hold on the services.
      socket.unref();
      resolve(socket);
    });
  });
}

function startAndJoin(places: Places): Promise<Joined> {
  privateDirectory(places.services);
  return withLock(
    places.services,
    'start',
    async () => {
      const until = Date.now() + startLimit;
      let child: ChildProcess | undefined;
      for (;;) {
        const joined = await tryJoin(places);
        if (joined) return joined;
        const state = readSupervisorState(places);
        // One that starts or ends is waited for: two must never hold the same data.
        const alive = state !== undefined && isAlive(state);
        if (!alive && child === undefined) child = spawnSupervisor(places);
        else if (!alive && child?.exitCode !== null) throw failed(places, 'they ended while they started');
        else if (Date.now() > until)
          throw failed(places, `process ${state?.pid} is ${state?.phase} and does not answer`, state);
        await pause(50);
      }
    },
    { waitMs: startLimit + 15_000 },
  );
}

function spawnSupervisor(places: Places): ChildProcess {
  const logPath = supervisorLogPath(places);
  const log = openSync(logPath, 'a', 0o600);
  try {
    if (statSync(logPath).size > largestLog) truncateSync(logPath, 0);
    const child = spawn(process.execPath, [packageFile('bin/crossview.mjs'), 'services'], {
      detached: true,
      stdio: ['ignore', log, log],
      cwd: places.services,
      env: { ...process.env, CROSSVIEW_HOME: places.data, NODE_OPTIONS: '' },
    });
    child.on('error', () => {});
    if (child.pid === undefined) throw failed(places, `${process.execPath} cannot be started`);
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

function failed(places: Places, reason: string, state?: SupervisorState): CrossviewError {
  let log = '';
  try {
    const lines = readFileSync(supervisorLogPath(places), 'utf8').trimEnd().split('\n');
    log = lines
      .filter((line) => !/^\s+at |azurite: .*clos/.test(line))
      .slice(-6)
      .join('\n');
  } catch {}
  return new CrossviewError('SERVICES_FAILED', `the local services did not start: ${reason}`, {
    hint: `End of ${supervisorLogPath(places)}:\n${log}\n"crossview doctor" looks for the cause.`,
    facts: { pid: state?.pid },
  });
}
