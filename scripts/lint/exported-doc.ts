// Every exported name says what it is: a rule of the house style, held by lint.
import type { AST, Rule } from 'eslint';
import type { ExportNamedDeclaration, Program } from 'estree';

/** Declarations of TypeScript that ESLint's own types do not know carry their name in the same place. */
type Declaration = NonNullable<ExportNamedDeclaration['declaration']> | TypeDeclaration;
interface TypeDeclaration {
  readonly type: 'TSInterfaceDeclaration' | 'TSTypeAliasDeclaration' | 'TSDeclareFunction';
  readonly id: { readonly name: string };
}

/**
 * The rule `flotilla/exported-doc`: an exported declaration has a doc comment right before it. A further declaration
 * of the same name (an overload, a factory or guard beside its type) is documented where the name comes first.
 */
export const exportedDoc: Rule.RuleModule = {
  meta: { type: 'suggestion', schema: [] },
  create(context) {
    const { ast } = context.sourceCode;
    return {
      ExportNamedDeclaration(node) {
        if (!node.declaration) return;
        const names = namesOf(node.declaration);
        const comment = context.sourceCode.getCommentsBefore(node).at(-1);
        const isDocumented = comment?.type === 'Block' && comment.value.startsWith('*');
        if (isDocumented || names.every((name) => isExportedBefore(ast, node, name))) return;
        context.report({ node, message: `Say in a doc comment what ${names.join(', ')} is.` });
      },
    };
  },
};

function isExportedBefore(ast: AST.Program, node: ExportNamedDeclaration, name: string): boolean {
  const earlier: Program['body'] = ast.body.slice(0, ast.body.indexOf(node));
  return earlier.some((other) => {
    return other.type === 'ExportNamedDeclaration' && other.declaration && namesOf(other.declaration).includes(name);
  });
}

function namesOf(declaration: Declaration): string[] {
  if (declaration.type !== 'VariableDeclaration') return [declaration.id.name];
  return declaration.declarations.map(({ id }) => (id.type === 'Identifier' ? id.name : 'this'));
}
