import { json } from './json.js';
import { ndjson } from './ndjson.js';
import { plain } from './plain.js';
import type { ReporterFactory } from './reporter.js';

export const REPORTERS: Readonly<Record<string, ReporterFactory>> = { plain, json, ndjson };
