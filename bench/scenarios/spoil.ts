/** What there is to find and to put right in a corpus: in every so manieth file, always the same ones. */

/** A whole name of its own: nothing in the sources is called like that. */
const UNUSED = "import { of as neverAskedFor } from 'rxjs';\n";

export function withUnusedImport(text: string): string {
  return `${UNUSED}${text}`;
}

export function withBadFormat(text: string): string {
  return `${text}export   const badlyFormatted = [ 1,2 ]\n`;
}

export const isEvery = (step: number, number: number): boolean => number % step === step - 1;
