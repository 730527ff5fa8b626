import { optimizeLater } from '../host/compiler.js';
import { serve } from './worker.js';

optimizeLater();
serve();
