import { defineCorpus } from '../../support/corpus.js';
import { cases, prepare } from './tools.js';

defineCorpus('tools', prepare, cases);
