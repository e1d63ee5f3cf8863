/** The programs and libraries of this installation, found or set up by the door. All paths are absolute. */
export interface Toolchain {
  /** Python with pyspark, ipykernel, pyarrow and pandas. */
  readonly python: string;
  readonly java: string;
  readonly javaMajor: number;
  /** The `pyspark` folder that has `jars/` in it. */
  readonly sparkHome: string;
  /** Class path entries that come before Spark's own jars: our compiled classes, hadoop-azure and its companions. */
  readonly classPath: readonly string[];
  /** Folders of our Python packages, for `PYTHONPATH`. */
  readonly pythonPath: readonly string[];
}

/** Directories of one session, created with mode 0700 and removed by the door when the session ends or is found dead. */
export interface SessionDirectories {
  readonly id: string;
  readonly root: string;
  /** For Arrow files; in memory (`/dev/shm`) where the host has it. */
  readonly arrow: string;
}
