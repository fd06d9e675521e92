import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'

/** What follows `from`, `import` and `import(` when it is a path; a match inside a comment only makes the hash cover more. */
const RELATIVE_IMPORT = /\b(?:from|import)\s*\(?\s*(['"`])(\.{1,2}\/[^'"`\n]+)\1/g

const MODULE = /\.[cm]?[jt]sx?$/

/** What a file says, or why nobody can tell. */
export type CodeReading = { text: string } | { unreadable: string }

/** A file and, where it is a module, every file that it imports by a relative path, and they in turn, by absolute path. What it reads by other means while it runs is not seen. */
export async function readWithImports(file: string): Promise<Map<string, CodeReading>> {
  const readings = new Map<string, CodeReading>()
  const waiting = [file]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (readings.has(next)) continue
    const reading = await readFile(next, 'utf8').then(toText, whenUnreadable)
    readings.set(next, reading)
    if ('unreadable' in reading || !MODULE.test(next)) continue
    for (const [, , imported = ''] of reading.text.matchAll(RELATIVE_IMPORT)) waiting.push(path.resolve(path.dirname(next), imported))
  }
  return readings
}

/** Hash of a processor and all that it imports. Files are named relative to the workspace, so that a workspace may move. */
export async function hashProcessor(file: string, root: string): Promise<string> {
  const readings = await readWithImports(file)
  const named = [...readings].map(([name, reading]) => [nameIn(root, name), 'text' in reading ? reading.text : `unreadable: ${reading.unreadable}`] as const)
  const inOrder = named.toSorted(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(inOrder)).digest('hex')
}

/** A file's path in the workspace, with forward slashes. */
export function nameIn(root: string, file: string): string {
  return path.relative(root, file).split(path.sep).join('/')
}

function toText(text: string): CodeReading {
  return { text }
}

/** The run itself says what is wrong with an import that cannot be read. */
function whenUnreadable(error: NodeJS.ErrnoException): CodeReading {
  return { unreadable: error.code ?? error.message }
}
