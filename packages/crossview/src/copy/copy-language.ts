import type { LanguageModule, MagicOption } from '@crossview/contracts';
import { CopyCells } from './copy-cells.js';
import type { CopySession } from './copy-session.js';

const options: readonly MagicOption[] = [
  { flags: ['-p', '--parameter'], value: 'NAME=VALUE', description: 'A parameter of the pipeline; may be repeated' },
  { flags: ['-o', '--output'], value: 'VIEW', description: 'Make the rows of the copy a view, instead of its sink' },
  { flags: ['-pipeline', '--pipeline'], value: 'NAME', description: 'Run a pipeline that was defined before' },
  { flags: ['-q', '--quiet'], description: 'Show no output of the activities' },
];

/** `%%copy`: documents of a Data Factory or Synapse repository in a cell, and the pipelines among them run. */
export function copyLanguage(session: CopySession): LanguageModule {
  return {
    name: 'copy',
    aliases: [],
    title: 'Copy from Spark',
    summary:
      'Copy and Lookup activities as JSON, or the FILE of a pipeline behind %%copy; -o VIEW lands the rows in a view',
    fileExtension: '.json',
    mimeType: 'application/json',
    info: { name: 'json', version: '', codemirror_mode: 'application/json', pygments_lexer: 'json' },
    options,
    create: (context) => new CopyCells(context, session, options),
  };
}
