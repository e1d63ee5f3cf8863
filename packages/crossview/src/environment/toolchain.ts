import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Toolchain } from '@crossview/contracts';
import { places as defaultPlaces, type Places, packageFolder } from '../places.js';
import { findJars } from '../setup/jars.js';
import { type EnvironmentState, readState } from './state.js';

/** The packages that have a Python side, in a folder `python/`. */
const withPython = ['session-rpc', 'kernel', 'spark-session', 'temp-views', 'synapse', 'notebook-utils'];

/**
 * The programs and libraries that set-up brought.
 * @throws CrossviewError `SETUP_NEEDED`.
 */
export function findToolchain(places: Places = defaultPlaces()): Toolchain {
  return toToolchain(readState(places), findJars(places));
}

function toToolchain(state: EnvironmentState, jars: readonly string[] | undefined): Toolchain {
  return {
    python: state.python,
    java: state.java,
    javaMajor: state.javaMajor,
    sparkHome: state.sparkHome,
    classPath: [state.classes, ...(jars ?? state.jars)],
    pythonPath: withPython.map((name) => join(packageFolder(name), 'python')).filter((folder) => existsSync(folder)),
  };
}
