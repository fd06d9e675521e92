import path from 'node:path'
import { savedSourceSchema } from '../../../shared/contract/ingest.contract.ts'
import type { Actor } from '../../../shared/domain/actor.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { EngineOptions } from '../engine.ts'
import { holdMaskedValues, maskedGuess, maskedPreview } from '../ingest/masked-files.ts'
import { type IngestParts, saveSource } from '../ingest/save-source.ts'
import type { Masks } from '../masks/masks.ts'
import type { EngineParts } from '../parts.ts'
import type { OpProgress } from '../workers/wire.ts'
import type { Api } from './api.ts'

export type IngestControllerParts = IngestParts & Pick<EngineParts, 'commands'> & { host: EngineOptions['host']; masks: Masks }

export function ingestController(api: Api, parts: IngestControllerParts) {
  const { workers, layout, commands, clock } = parts
  /** Sniffs that go on, by the name that their caller gave them. */
  const watched = new Map<string, OpProgress>()
  const never = new AbortController().signal
  return {
    sniff: api.ingest.sniff.handler(async ({ input: { paths, declaration, watch }, context: { actor }, signal }) => {
      refuseOutside(parts, actor, paths)
      const onProgress = (progress: OpProgress): void => {
        if (watch !== undefined) watched.set(watch, progress)
      }
      try {
        const sniffed = await workers.shared('ingest').call('sniff', { root: layout.root, paths, declaration: declaration ?? null }, { signal, onProgress })
        return (await holdMaskedValues(parts, paths, { actor, signal })) ? { ...sniffed, sources: sniffed.sources.map(maskedGuess) } : sniffed
      } finally {
        if (watch !== undefined) watched.delete(watch)
      }
    }),
    progress: api.ingest.progress.handler(({ input: { watch } }) => watched.get(watch) ?? null),
    preview: api.ingest.preview.handler(async ({ input, context: { actor }, signal }) => {
      refuseOutside(parts, actor, input.paths)
      const preview = await workers.shared('ingest').call('preview', { root: layout.root, ...input }, { signal })
      return (await holdMaskedValues(parts, input.paths, { actor, signal })) ? maskedPreview(preview) : preview
    }),
    save: api.ingest.save.handler(async ({ input: { commandId, ...request }, context: { actor }, signal }) => {
      refuseOutside(parts, actor, request.paths)
      if (request.dryRun) return saveSource(parts, request, { actor, signal: signal ?? never })
      const known = commands.answerTo(commandId, (answer) => savedSourceSchema.parse(answer))
      if (known !== null) return known
      const saved = await saveSource(parts, request, { actor, signal: signal ?? never })
      return commands.once({ id: commandId, at: clock() }, (answer) => savedSourceSchema.parse(answer), () => saved)
    }),
  }
}

/** Files of the whole machine are for people at it: who typed a path, or dropped a file on the desktop program's window. */
function refuseOutside({ layout, host }: IngestControllerParts, { via }: Actor, paths: readonly string[]): void {
  if (via === 'cli' || (via === 'window' && host === 'desktop')) return
  const outside = paths.find((file) => {
    const relative = path.relative(layout.root, path.resolve(layout.root, file))
    return relative.startsWith('..') || path.isAbsolute(relative)
  })
  if (outside !== undefined) throw new ProblemError('BAD_INPUT', `${outside} is outside the workspace`, { hint: 'Put the file into the inbox first', details: { path: outside } })
}
