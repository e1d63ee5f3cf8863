import { defineCorpus } from '../../support/corpus.js';
import { cases, prepare } from './types.js';

defineCorpus('types', prepare, cases);
