import { defineCorpus } from '../../support/corpus.js';
import { cases, prepare } from './functions.js';

defineCorpus('functions', prepare, cases);
