import type { Command } from 'commander';

/** One command, one file: `register` adds its name, options and action. What the action needs is loaded when it runs. */
export type Register = (program: Command) => void;

/** For an option that may be repeated. */
export const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];
