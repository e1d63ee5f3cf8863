import { defineCorpus } from '../../support/corpus.js';
import { cases, prepare } from './metadata.js';

defineCorpus('metadata', prepare, cases);
