import type { Binder, Handlers } from './binder/binder.js';
import { classHandlers, functionHandlers } from './binder/functions.js';
import { nameMakers } from './binder/names.js';
import { blockHandlers, jsxHandlers, referenceHandlers } from './binder/references.js';
import { importHandlers, statementHandlers } from './binder/statements.js';
import { typeDeclarationHandlers, typeHandlers } from './binder/types.js';
import { newScope, resolveAll, VALUE } from './scopes.js';
import type { Analysis, Binding, Reference, StatementList } from './scopes.js';
import type { Node, Parser, Syntax } from './syntax.js';

/** What one walk gathers. */
interface Gathered {
  readonly references: Reference[];
  readonly bindings: Set<Binding>;
  readonly lists: StatementList[];
  readonly classes: Node[];
  dynamic: boolean;
  hasJsx: boolean;
}

function nothingYet(): Gathered {
  return { references: [], bindings: new Set(), lists: [], classes: [], dynamic: false, hasJsx: false };
}

/** Scopes, bindings and references of a program, in one walk. The handlers are made once, for all programs. */
export function analyser(parser: Parser): (syntax: Syntax) => Analysis {
  let gathered = nothingYet();

  const binder: Binder = {
    visit(node, parent, scope) {
      if (node === null || node === undefined) return;
      const handler = handlers[node.type];
      if (handler === undefined) binder.visitChildren(node, scope);
      else handler(node, parent, scope);
    },
    visitAll(nodes, parent, scope) {
      for (const node of nodes ?? []) binder.visit(node, parent, scope);
    },
    visitChildren(node, scope) {
      parser.eachChild(node, (child) => binder.visit(child, node, scope));
    },
    refer(node, scope, meaning = VALUE) {
      if ('name' in node && typeof node.name === 'string')
        gathered.references.push({ node, name: node.name, meaning, scope });
    },
    addList: (owner, statements, scope) => gathered.lists.push({ owner, statements, scope }),
    addClass: (body) => gathered.classes.push(body),
    addBinding: (binding) => gathered.bindings.add(binding),
    markDynamic: () => (gathered.dynamic = true),
    markJsx: () => (gathered.hasJsx = true),
  };
  const handlers = allHandlers(binder);

  return ({ program }) => {
    gathered = nothingYet();
    const scope = newScope(program, null, true);
    binder.addList(program, program.body, scope);
    binder.visitAll(program.body, program, scope);
    const { references, bindings, ...rest } = gathered;
    return { program, bindings: [...bindings], ...resolveAll(references), ...rest };
  };
}

/** What each kind of node means for names; kinds that are not here are just walked through. */
function allHandlers(binder: Binder): Handlers {
  const names = nameMakers(binder);
  return {
    ...referenceHandlers(binder),
    ...jsxHandlers(binder),
    ...blockHandlers(binder),
    ...typeHandlers(binder),
    ...typeDeclarationHandlers(binder, names),
    ...importHandlers(names),
    ...statementHandlers(binder, names),
    ...functionHandlers(binder, names),
    ...classHandlers(binder, names),
  };
}
