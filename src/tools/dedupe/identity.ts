/** Does it matter that two functions are two? Only where they are compared, kept or registered rather than called. */
import type { Module } from './module.js';
import { type Node, nameOf, nodesOf, referenceOf, walk } from './tree.js';

/** These call what they are given and forget it. */
const CALLERS = new Set([
  ...['map', 'flatMap', 'filter', 'forEach', 'reduce', 'reduceRight', 'some', 'every', 'find', 'findIndex', 'findLast'],
  ...['findLastIndex', 'sort', 'toSorted', 'then', 'catch', 'finally', 'replace', 'replaceAll', 'from'],
]);

/** Is the function of this local name used in another way than being called? `own` is its declaration. */
export function usesIdentity(module: Module, name: string, own: Node | null): boolean {
  let found = false;
  walk(module.program, (node, parent, key) => {
    if (node === own || node.type === 'ImportDeclaration') return false;
    if (parent !== null && referenceOf(node, parent, key) === name) found ||= !isHarmless(node, parent, key);
    return !found;
  });
  return found;
}

function isHarmless(node: Node, parent: Node, key: string): boolean {
  if (parent.type === 'CallExpression' && key === 'callee') return true;
  if (parent.type === 'ExportSpecifier' || /^TS(?:TypeQuery|TypeReference)$/.test(parent.type)) return true;
  if (parent.type !== 'CallExpression' || key !== 'arguments') return false;
  const [callee] = nodesOf(parent.callee);
  return callee?.type === 'MemberExpression' && CALLERS.has(nameOf(callee.property) ?? '');
}
