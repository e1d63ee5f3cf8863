export { findClassArchive, makeClassArchive } from './class-archive.js';
export { type CompileOptions, compileScala } from './compile-scala.js';
export { type PackageRequest, packageResolver } from './package-resolver.js';
export { findScala, pythonFolder, scalaFolder } from './sources.js';
export type { SparkSettings } from './spark-conf.js';
export { createSparkHost, type SparkHostOptions } from './spark-host.js';
export { trustStoreFlags } from './trust-store.js';
