/** What the workflow file asks for; action.yml names the inputs and their defaults. */
import { getInput, getMultilineInput } from '@actions/core';
import { nearest } from '../config/suggest.js';
import { resolve } from '../host/paths.js';
import { type Result, failed, success } from '../model/result.js';

const FAIL_ON = ['error', 'warning', 'info', 'never'] as const;
const FIXES = ['patch', 'write', 'commit'] as const;
const SWITCH = ['true', 'false'] as const;

export interface Inputs {
  readonly workflow: string | null;
  readonly paths: readonly string[];
  /** A branch, tag or commit; `base` is what the event proposes to change. */
  readonly since: string | null;
  readonly newOnly: boolean;
  /** The mildest finding that fails the step. */
  readonly failOn: (typeof FAIL_ON)[number];
  /** Formats asked for besides those that the action itself needs. */
  readonly reports: readonly string[];
  readonly cache: boolean;
  /** Absolute. */
  readonly workingDirectory: string;
  readonly comment: boolean;
  readonly fix: (typeof FIXES)[number];
  readonly commitMessage: string;
  readonly token: string | null;
}

/** All mistakes at once. */
export function readInputs(workspace: string): Result<Inputs, readonly string[]> {
  const mistakes: string[] = [];
  const oneOf = <T extends string>(name: string, values: readonly [T, ...T[]]): T => {
    const given = getInput(name);
    const value = values.find((one) => one === given);
    if (value === undefined) mistakes.push(mistake(name, given, values));
    return value ?? values[0];
  };
  const isOn = (name: string): boolean => oneOf(name, SWITCH) === 'true';
  const inputs: Inputs = {
    workflow: orNull(getInput('workflow')),
    paths: getMultilineInput('paths'),
    since: orNull(getInput('since')),
    newOnly: isOn('new-only'),
    failOn: oneOf('fail-on', FAIL_ON),
    reports: words(getInput('reports')),
    cache: isOn('cache'),
    workingDirectory: resolve(workspace, getInput('working-directory')),
    comment: isOn('comment'),
    fix: oneOf('fix', FIXES),
    commitMessage: getInput('commit-message'),
    token: orNull(getInput('token')),
  };
  for (const format of inputs.reports)
    if (!/^[a-z]+$/.test(format)) mistakes.push(`reports: "${format}" is not the name of a format`);
  return mistakes.length === 0 ? success(inputs) : failed(mistakes);
}

function mistake(name: string, given: string, values: readonly string[]): string {
  const near = nearest(given, values);
  return `${name}: "${given}" is none of ${values.join(', ')}${near === null ? '' : `; did you mean ${near}?`}`;
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
