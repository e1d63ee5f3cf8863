import { defineCorpus } from '../../support/corpus.js';
import { cases, prepare } from './programs.js';

defineCorpus('programs', prepare, cases);
