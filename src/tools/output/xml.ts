/** As much of XML as checkstyle reports need: tags and their attributes. Texts, comments and CDATA are passed over. */
export interface XmlTag {
  readonly name: string;
  readonly kind: 'open' | 'close' | 'empty';
  readonly attributes: Readonly<Record<string, string>>;
}

const TAG =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<[?!][^>]*>|<(\/?)([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** The tags in order, or null when there is a `<` that no tag begins with. */
export function xmlTags(source: string): XmlTag[] | null {
  const tags: XmlTag[] = [];
  let end = 0;
  for (const match of source.matchAll(TAG)) {
    if (source.slice(end, match.index).includes('<')) return null;
    end = match.index + match[0].length;
    const name = match[2];
    if (name === undefined) continue;
    tags.push({
      name,
      kind: match[1] === '/' ? 'close' : match[4] === '/' ? 'empty' : 'open',
      attributes: attributesOf(match[3] ?? ''),
    });
  }
  return source.slice(end).includes('<') ? null : tags;
}

function attributesOf(source: string): Record<string, string> {
  const pairs = [...source.matchAll(ATTRIBUTE)].map((match) => [
    match[1] ?? '',
    decodeEntities(match[2] ?? match[3] ?? ''),
  ]);
  return Object.fromEntries(pairs) as Record<string, string>;
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** `&lt;`, `&#10;`, `&#x1F600;`; what is no entity stays as it is. */
export function decodeEntities(source: string): string {
  return source.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return NAMED[name] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
