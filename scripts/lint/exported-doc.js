// Every exported name says what it is: a rule of the house style, held by lint.

/** The rule `flotilla/exported-doc`: a declaration that is exported has a doc comment right before it. */
export const exportedDoc = {
  meta: { type: 'suggestion', schema: [], docs: { description: 'Require a doc comment on exported declarations' } },
  create(context) {
    return {
      'ExportNamedDeclaration[declaration]'(node) {
        // An overload and a guard or factory beside a type of the same name are documented where the name comes first.
        const names = namesOf(node.declaration);
        const comment = context.sourceCode.getCommentsBefore(node).at(-1);
        if (comment?.type === 'Block' && comment.value.startsWith('*')) return;
        if (names.length > 0 && names.every((name) => isDeclaredBefore(node, name))) return;
        context.report({ node, message: `Say in a doc comment what ${names.join(', ') || 'this'} is.` });
      },
    };
  },
};

function isDeclaredBefore(node, name) {
  const siblings = node.parent.body;
  return siblings
    .slice(0, siblings.indexOf(node))
    .some((other) => other.type === 'ExportNamedDeclaration' && namesOf(other.declaration).includes(name));
}

function namesOf(declaration) {
  if (declaration === null) return [];
  if (declaration.type === 'VariableDeclaration') return declaration.declarations.map(({ id }) => id.name ?? '');
  return declaration.id ? [declaration.id.name] : [];
}
