import type { NodeOf } from './binder/binder.js';
import type { Candidate, CandidateContext } from './candidates.js';
import { spanOf, whole } from './candidates.js';
import { hasParameterDecorators, isEffectFree } from './effects.js';
import { isInside, walk } from './syntax.js';
import type { Node, Parser } from './syntax.js';

type Member = NodeOf<'MethodDefinition' | 'PropertyDefinition' | 'AccessorProperty'>;

interface PrivateMember {
  readonly name: string;
  readonly declarations: readonly Member[];
}

/** Private members, `#x` and TypeScript's `private x`, whose name the file does not mention outside of them. */
export function unusedPrivateMembers(context: CandidateContext): Candidate[] {
  const { analysis, parser } = context;
  if (analysis.dynamic) return [];
  const groups = analysis.classes.flatMap((node) => privateMembersOf(node, analysis.risky));
  if (groups.length === 0) return [];
  const mentions = mentionedNames(parser, analysis.program);
  return groups
    .filter((group) => !isMentioned(group, mentions))
    .map(({ name, declarations }) => ({
      rule: 'unused-private-member',
      name,
      span: spanOf(declarations[0]?.key ?? analysis.program),
      votes: declarations.map(({ key }) => spanOf(key)),
      quorum: 'any',
      removals: declarations.map(whole),
    }));
}

function privateMembersOf(node: Node, risky: ReadonlySet<Node>): PrivateMember[] {
  if (node.type !== 'ClassDeclaration' && node.type !== 'ClassExpression') return [];
  const byName = new Map<string, Member[]>();
  for (const member of node.body.body) {
    if (member.type === 'StaticBlock' || member.type === 'TSIndexSignature') continue;
    const name = nameOf(member);
    if (name !== null) byName.set(name, [...(byName.get(name) ?? []), member]);
  }
  const decorated = node.decorators.length > 0;
  return [...byName]
    .map(([name, declarations]) => ({ name, declarations }))
    .filter(({ name, declarations }) =>
      declarations.every((member) => isRemovable(member, risky) && (name.startsWith('#') || !decorated)),
    );
}

function nameOf(member: Member): string | null {
  if (member.computed) return null;
  if (member.key.type === 'PrivateIdentifier') return `#${member.key.name}`;
  return member.key.type === 'Identifier' ? member.key.name : null;
}

/**
 * A decorated class may hand its members to a template or a container by name. A field that is never given a value here
 * is filled by someone else, or is a brand that only the type checker sees.
 */
function isRemovable(member: Member, risky: ReadonlySet<Node>): boolean {
  if (member.key.type !== 'PrivateIdentifier' && member.accessibility !== 'private') return false;
  if (member.decorators.length > 0 || hasParameterDecorators(member) || member.override === true) return false;
  if (member.type === 'MethodDefinition') return member.kind !== 'constructor';
  if (member.type !== 'PropertyDefinition' || member.declare || member.definite) return false;
  if (member.value === null) return !/brand|nominal|opaque|phantom|tag/i.test(nameOf(member) ?? '');
  return isEffectFree(member.value, risky);
}

interface Mention {
  readonly name: string;
  readonly node: Node;
}

interface Mentions {
  readonly byName: ReadonlyMap<string, readonly Node[]>;
  /** `this[key]`: any member may be meant. */
  readonly computed: boolean;
}

function isMentioned({ name, declarations }: PrivateMember, mentions: Mentions): boolean {
  if (mentions.computed && !name.startsWith('#')) return true;
  return (mentions.byName.get(name) ?? []).some((mention) => !declarations.some((member) => isInside(mention, member)));
}

function mentionedNames(parser: Parser, program: Node): Mentions {
  const byName = new Map<string, Node[]>();
  let computed = false;
  walk(parser, program, (node) => {
    if (node.type === 'ImportDeclaration') return false;
    if (isComputedAccess(node)) computed = true;
    for (const mention of mentionsIn(node))
      byName.set(mention.name, [...(byName.get(mention.name) ?? []), mention.node]);
    return undefined;
  });
  return { byName, computed };
}

function isComputedAccess(node: Node): boolean {
  if (node.type !== 'MemberExpression' || !node.computed || node.property.type === 'Literal') return false;
  return node.object.type === 'ThisExpression' || node.object.type === 'TSAsExpression';
}

/** Names in places where a member may be meant; a variable of the same name is something else. */
function mentionsIn(node: Node): readonly Mention[] {
  switch (node.type) {
    case 'MemberExpression':
      return node.computed ? [] : keyMention(node.property);
    case 'ObjectPattern':
      return node.properties.flatMap((property) => (property.type === 'Property' ? keyMention(property.key) : []));
    case 'PrivateIdentifier':
      return keyMention(node);
    case 'Literal':
      return typeof node.value === 'string' ? [{ name: node.value, node }] : [];
    case 'TemplateElement':
      return node.value.cooked === null ? [] : [{ name: node.value.cooked, node }];
    default:
      return [];
  }
}

function keyMention(key: Node): readonly Mention[] {
  if (key.type === 'Identifier') return [{ name: key.name, node: key }];
  return key.type === 'PrivateIdentifier' ? [{ name: `#${key.name}`, node: key }] : [];
}
