import { join } from 'node:path';
import type { Places } from '../places.js';
import { readJsonFile, writeJsonFile } from '../system/json-file.js';
import type { ProcessIdentity } from '../system/process-identity.js';

/** How to reach the local services. Holds secrets: the file is for this user only, and nothing of it is ever printed. */
export interface RunningServices {
  readonly pool: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password: string;
    /** PEM of the authority that signed the pool's certificate. */
    readonly certificateAuthority: string;
    readonly certificateName: string;
  };
  readonly storage: {
    readonly account: string;
    readonly key: string;
    /** With the account in it: `http://127.0.0.1:41234/devstoreaccount1`. */
    readonly blobEndpoint: string;
    readonly port: number;
  };
}

/** The state file of the supervisor: it is there from its first moment to its last. */
export type SupervisorState = ProcessIdentity & {
  /** The Azurite child, as soon as there is one: it outlives a supervisor that was killed for a moment. */
  readonly azurite?: ProcessIdentity;
} & (
    | { readonly phase: 'starting' | 'ending' }
    | {
        readonly phase: 'ready';
        /** Where clients keep a socket open, and what they must say first. */
        readonly control: { readonly port: number; readonly token: string };
        readonly services: RunningServices;
      }
  );

export function supervisorStatePath(places: Places): string {
  return join(places.services, 'supervisor.json');
}

export function supervisorLogPath(places: Places): string {
  return join(places.services, 'services.log');
}

export function readSupervisorState(places: Places): SupervisorState | undefined {
  return readJsonFile<SupervisorState>(supervisorStatePath(places));
}

export function writeSupervisorState(places: Places, state: SupervisorState): void {
  writeJsonFile(supervisorStatePath(places), state);
}
