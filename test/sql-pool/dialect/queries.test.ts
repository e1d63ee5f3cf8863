import { defineCorpus } from '../../support/corpus.js';
import { cases, prepare } from './queries.js';

defineCorpus('queries', prepare, cases);
