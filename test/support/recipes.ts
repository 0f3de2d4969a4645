import * as fs from 'node:fs';
import * as path from 'node:path';

/** The page whose SQL is run: by the bench, by lint and against a database. */
export const PAGE = path.resolve(__dirname, '../../docs/migrations.md');

/** A file of a recipe. */
export interface RecipeFile {
  readonly name: string;
  readonly text: string;
}

/**
 * The recipes of the page by name: each a block of SQL after `<!-- recipe: name -->`, in which a comment line
 * with nothing but a file's name begins that file.
 */
export function readRecipes(
  page = fs.readFileSync(PAGE, 'utf8'),
): ReadonlyMap<string, readonly RecipeFile[]> {
  const blocks = page.matchAll(/^<!-- recipe: ([\w-]+) -->\n+```sql\n([\s\S]*?)^```$/gm);
  return new Map([...blocks].map(([, name = '', sql = '']) => [name, filesOf(sql)]));
}

function filesOf(sql: string): readonly RecipeFile[] {
  const [before = '', ...parts] = sql.split(/^-- (\d{4}_\w+\.(?:up|down)\.sql)$/m);
  if (before.trim() !== '') throw new Error(`This SQL belongs to no file: ${before}`);
  return parts.flatMap((name, index) =>
    index % 2 === 0 ? [{ name, text: `${(parts[index + 1] ?? '').trim()}\n` }] : [],
  );
}

/** Writes the table's recipe and another one into a folder, as a project has them. */
export function writeRecipe(folder: string, name?: string): void {
  const recipes = readRecipes();
  for (const recipe of ['table', ...(name === undefined ? [] : [name])]) {
    const files = recipes.get(recipe);
    if (!files) throw new Error(`docs/migrations.md has no recipe ${recipe}.`);
    for (const file of files) fs.writeFileSync(path.join(folder, file.name), file.text);
  }
}
