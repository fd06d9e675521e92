import { readFile, stat } from 'node:fs/promises'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import { hashProcessor } from '../../planning/processor-code.ts'
import type { Processor } from './processor-api.ts'
import { readFileSync } from 'node:fs'

/** What a processor may import by name, and where it lies beside the worker's own bundle. */
export interface ProcessorLibraries {
  /** URL of the module `strata`. */
  strata: string
}

/**
 * Teaches this process to import a workspace's TypeScript: types are stripped, `strata` and `zod` are ours, wherever the
 * workspace lies. Called once, by the worker's entry.
 */
export function installProcessorHooks(libraries: ProcessorLibraries): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (specifier === 'strata') return { url: libraries.strata, shortCircuit: true }
      if (specifier === 'zod' || specifier.startsWith('zod/')) return nextResolve(specifier, { ...context, parentURL: import.meta.url })
      const resolved = nextResolve(specifier, context)
      const state = /\?code=\w+$/.exec(context.parentURL ?? '')?.[0]
      return state === undefined || !specifier.startsWith('.') ? resolved : { ...resolved, url: `${resolved.url}${state}` }
    },
    load(url, context, nextLoad) {
      const [bare = url] = url.split('?', 1)
      if (!bare.startsWith('file:') || !bare.endsWith('.ts')) return nextLoad(url, context)
      const source = stripTypeScriptTypes(readFileSync(fileURLToPath(bare), 'utf8'), { mode: 'strip' })
      return { format: 'module', source, shortCircuit: true }
    },
  })
}

/** Imports a processor file; when it changed since, or anything that it imports by a relative path, all of it is imported anew. */
export async function loadProcessor(file: string): Promise<Processor> {
  await stat(file).catch((cause: unknown) => {
    throw new ProblemError('STEP_FAILED', `The processor ${file} cannot be read`, { cause, details: { file, errorClass: 'bad_code' } })
  })
  const state = await hashProcessor(file, path.dirname(file))
  const module = await import(`${pathToFileURL(file).href}?code=${state}`).catch(async (cause: unknown) => {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new ProblemError('STEP_FAILED', `The processor ${file} cannot be loaded: ${message}`, {
      cause,
      hint: 'Import only "strata", "zod", Node modules and files of the workspace; use only TypeScript that can be erased (no enum, no namespace)',
      details: { file, line: await importedLine(file, cause), errorClass: 'bad_code' },
    })
  })
  return readProcessor((module as { default?: unknown }).default, file)
}

function readProcessor(value: unknown, file: string): Processor {
  const candidate = value as Partial<Processor> | null | undefined
  if (typeof candidate?.process === 'function' && typeof candidate.result?.safeParse === 'function') return candidate as Processor
  throw new ProblemError('STEP_FAILED', `The processor ${file} exports no processor by default`, {
    hint: 'export default defineProcessor({ result: z.object({...}), process(entityId, rows, context) {...} })',
    details: { file, errorClass: 'bad_code' },
  })
}

/** The line of the file that a syntax error or a stack names, from 1. */
async function importedLine(file: string, cause: unknown): Promise<number | null> {
  const stack = cause instanceof Error ? (cause.stack ?? '') : ''
  const line = Number(/\.ts(?:\?[^:\s]*)?:(\d+)/.exec(stack)?.[1] ?? 0)
  const lines = (await readFile(file, 'utf8')).split('\n').length
  return line >= 1 && line <= lines ? line : null
}
