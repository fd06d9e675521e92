import type { Dirent, Stats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path'
import picomatch from 'picomatch'
import { ProblemError } from '../../../shared/domain/problem.ts'

export interface FoundFile {
  /** Absolute path. */
  path: string
  /** Unique among the found files: the file name, or the path with `__` for each separator where names clash. */
  name: string
  sizeBytes: number
  modifiedAt: string
}

/**
 * The files that a source's patterns name, sorted by path, each once. A pattern is a file, a folder (all its files, at any depth) or a
 * glob, relative to `root` or absolute. Hidden files, `*.tmp` and Office lock files (`~$...`) do not count.
 * @throws SOURCE_MISSING when a pattern names nothing
 */
export async function findSourceFiles({ root, patterns, signal }: {
  root: string
  patterns: string[]
  signal: AbortSignal
}): Promise<FoundFile[]> {
  const found = new Map<string, Stats>()
  for (const pattern of patterns) {
    const matches = await findPattern({ root, pattern, signal })
    if (matches.length === 0) throw missing(root, pattern)
    for (const { path, stats } of matches) found.set(path, stats)
  }
  const paths = [...found.keys()].sort()
  const names = uniqueNames(root, paths)
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, stats], index) => ({
      path,
      name: names[index] ?? basename(path),
      sizeBytes: stats.size,
      modifiedAt: stats.mtime.toISOString(),
    }))
}

interface Match {
  path: string
  stats: Stats
}

async function findPattern({ root, pattern, signal }: { root: string; pattern: string; signal: AbortSignal }): Promise<Match[]> {
  // A name that exists is taken literally: "studies(2).json" and "data[1].csv" are files before they are globs.
  const literal = resolve(root, pattern)
  const stats = await statOrNull(literal)
  if (stats?.isFile()) return [{ path: literal, stats }]
  if (stats?.isDirectory()) return walk(literal, { depth: Infinity, accept: () => true, signal })
  const { base, glob, isGlob } = picomatch.scan(pattern.replaceAll('\\', '/'))
  if (!isGlob) return []
  const folder = resolve(root, base)
  const matches = picomatch(glob)
  const depth = glob.includes('**') ? Infinity : glob.split('/').length
  return walk(folder, { depth, accept: (path) => matches(relative(folder, path).split(sep).join('/')), signal })
}

interface WalkOptions {
  depth: number
  accept(path: string): boolean
  signal: AbortSignal
}

const STAT_BATCH = 64

async function walk(folder: string, options: WalkOptions): Promise<Match[]> {
  options.signal.throwIfAborted()
  const entries = (await readFolder(folder)).filter(({ name }) => !isNoise(name))
  const found: Match[] = []
  const files = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => join(folder, name))
  const wanted = files.filter(options.accept)
  for (let at = 0; at < wanted.length; at += STAT_BATCH) {
    const batch = await Promise.all(
      wanted.slice(at, at + STAT_BATCH).map(async (path) => ({ path, stats: await statOrNull(path) })),
    )
    for (const { path, stats } of batch) if (stats?.isFile()) found.push({ path, stats })
  }
  if (options.depth <= 1) return found
  for (const entry of entries) {
    if (entry.isDirectory()) found.push(...(await walk(join(folder, entry.name), { ...options, depth: options.depth - 1 })))
  }
  return found
}

function isNoise(name: string): boolean {
  return name.startsWith('.') || name.startsWith('~$') || name.endsWith('.tmp')
}

async function readFolder(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    if (isMissing(error)) return []
    throw unreadable(folder, error)
  }
}

async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await stat(path)
  } catch (error) {
    if (isMissing(error)) return null
    throw unreadable(path, error)
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'ELOOP')
}

function unreadable(path: string, cause: unknown): ProblemError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new ProblemError('SOURCE_UNREADABLE', `Cannot read ${path}: ${reason}`, {
    cause,
    details: { path },
    hint: 'Check that the file or folder may be read by you',
  })
}

function missing(root: string, pattern: string): ProblemError {
  const where = isAbsolute(pattern) ? pattern : join(root, pattern)
  return new ProblemError('SOURCE_MISSING', `No file matches ${pattern}`, {
    details: { pattern, path: where },
    hint: `Put the file at ${where}, or correct the source's files in pipeline.yaml`,
  })
}

/** File names compared without case, because the copies kept in the raw zone may lie on a file system that ignores it. */
function uniqueNames(root: string, paths: string[]): string[] {
  const counts = new Map<string, number>()
  for (const path of paths) counts.set(key(basename(path)), (counts.get(key(basename(path))) ?? 0) + 1)
  const taken = new Set<string>()
  return paths.map((path) => {
    const name = counts.get(key(basename(path))) === 1 ? basename(path) : flatPath(root, path)
    let unique = name
    for (let n = 2; taken.has(key(unique)); n++) unique = `${n}__${name}`
    taken.add(key(unique))
    return unique
  })
}

function key(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

function flatPath(root: string, path: string): string {
  const parts = relative(root, path).split(sep)
  return parts.filter((part) => part !== '..' && part !== '').join('__').replaceAll(':', '')
}
