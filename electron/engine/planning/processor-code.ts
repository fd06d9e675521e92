import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'

/** What follows `from`, `import` and `import(` when it is a path; a match inside a comment only makes the hash cover more. */
const RELATIVE_IMPORT = /\b(?:from|import)\s*\(?\s*(['"`])(\.{1,2}\/[^'"`\n]+)\1/g

/**
 * Hash of a processor and of every file that it imports by a relative path, and they in turn. Files are named relative to the
 * workspace, so that a workspace may move. What a processor reads by other means while it runs is not seen.
 */
export async function hashProcessor(file: string, root: string): Promise<string> {
  const texts = new Map<string, string>()
  const waiting = [file]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (texts.has(next)) continue
    const text = await readFile(next, 'utf8').catch(whenUnreadable)
    texts.set(next, text)
    for (const [, , imported = ''] of text.matchAll(RELATIVE_IMPORT)) waiting.push(path.resolve(path.dirname(next), imported))
  }
  const named = [...texts].map(([name, text]) => [path.relative(root, name).split(path.sep).join('/'), text] as const)
  const inOrder = named.toSorted(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(inOrder)).digest('hex')
}

/** The run itself says what is wrong with an import that cannot be read. */
function whenUnreadable(error: NodeJS.ErrnoException): string {
  return `unreadable: ${error.code ?? error.message}`
}
