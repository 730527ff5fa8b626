/** Messages and names come from tools and file systems: what they may hold and no report should is taken out here. */

// Sequences that move a terminal's cursor, colour its text, or set its title.
const ESCAPE_SEQUENCES = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\-_])/g;
const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\uFFFE\uFFFF]/g;
const LONE_SURROGATES = /\p{Surrogate}/gu;

/** Without control characters other than tabs and line breaks; half a character becomes a replacement character. */
export function readable(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(ESCAPE_SEQUENCES, '')
    .replace(CONTROLS, '')
    .replace(LONE_SURROGATES, '\uFFFD');
}

const XML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** For an attribute of XML 1.0, or between tags. */
export function xml(text: string): string {
  return readable(text).replace(/[&<>"'\n\t]/g, (character) => XML_ESCAPES[character] ?? character);
}

/** A path as a relative URI reference. */
export function uriOf(path: string): string {
  return path.replace(LONE_SURROGATES, '\uFFFD').split('/').map(encodeURIComponent).join('/');
}

const ASCII: Readonly<Record<string, string>> = { '✓': '+', '✗': 'x', '–': '-', '…': '...', '’': "'" };

/** Our own signs for terminals that show nothing but ASCII; names and messages stay as they are. */
export function ascii(text: string): string {
  return text.replace(/[✓✗–…’]/g, (sign) => ASCII[sign] ?? sign);
}
