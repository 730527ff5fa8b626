/** A real Chromium for tests, where one is installed; nothing is ever downloaded. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll } from 'vitest';
import { temporaryFolder } from './rig.js';
import { installed } from './tool-rig.js';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const DRIVER = installed('playwright-core');
const AXE = installed('axe-core');

/** Why there are no tests in a browser; null where there are. */
export const noBrowser: string | null =
  CHROMIUM === undefined ? 'Chromium' : DRIVER === null ? 'playwright-core' : AXE === null ? 'axe-core' : null;

/** As much of Playwright's page as is used. */
export interface Page {
  waitForFunction(expression: string): Promise<unknown>;
  readonly goto: (url: string) => Promise<unknown>;
  readonly evaluate: <T>(script: string) => Promise<T>;
  readonly keyboard: { readonly press: (key: string) => Promise<void>; readonly type: (text: string) => Promise<void> };
  readonly locator: (selector: string) => Locator;
  readonly on: (event: string, listener: (what: { url: () => string } & Error) => void) => void;
  readonly emulateMedia: (media: { readonly colorScheme: 'light' | 'dark' }) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface Locator {
  readonly count: () => Promise<number>;
  readonly first: () => Locator;
  readonly innerText: () => Promise<string>;
  readonly allInnerTexts: () => Promise<string[]>;
  readonly click: () => Promise<void>;
  readonly check: () => Promise<void>;
  readonly fill: (text: string) => Promise<void>;
  readonly focus: () => Promise<void>;
  readonly selectOption: (value: { readonly label: string }) => Promise<unknown>;
}

interface Context {
  readonly newPage: () => Promise<Page>;
  readonly close: () => Promise<void>;
}
interface Driver {
  readonly chromium: { readonly launchPersistentContext: (folder: string, options: object) => Promise<Context> };
}

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** One browser for all tests of a file. */
export async function openBrowser(): Promise<Context> {
  const { chromium } = createRequire(import.meta.url)(DRIVER ?? '') as Driver;
  const context = await chromium.launchPersistentContext(temporaryFolder(), {
    executablePath: CHROMIUM,
    headless: true,
    args: ARGUMENTS,
  });
  afterAll(() => context.close());
  return context;
}

/** The rules that axe finds broken in the page as it stands. */
export async function brokenRules(page: Page): Promise<string[]> {
  const script = createRequire(import.meta.url).resolve(`${AXE ?? ''}/axe.min.js`);
  const { readFileSync } = await import('node:fs');
  await page.evaluate(readFileSync(script, 'utf8'));
  return page.evaluate<string[]>(
    'axe.run().then(({ violations }) => violations.map((one) => one.id + ": " + one.nodes[0].html))',
  );
}
