import { constants, createReadStream, createWriteStream } from 'node:fs'
import { copyFile, link, mkdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { StepRow } from '../ledger/steps.store.ts'
import type { EngineParts } from '../parts.ts'
import { stagingFiles } from '../zones/layout.ts'

/**
 * Copies what the ledger counts as committed in a step's journal to a journal of its own for the next attempt. Never goes on in the
 * old file: a worker whose engine died may still be writing its last batch there. A journal that is shorter than the ledger says has
 * lost rows; its entities are processed again.
 * @returns committed bytes of the new journal; of an SQL step, committed chunks
 */
export async function carryJournal(parts: Pick<EngineParts, 'layout' | 'durable' | 'entities' | 'log'>, step: StepRow, staging: string): Promise<number> {
  const { layout, durable, entities, log } = parts
  if (step.staging === null || step.journalBytes === 0) return 0
  if (step.kind === 'sql') return carryChunks(parts, { step, from: step.staging, to: staging })
  const from = layout.journalFile(step.staging)
  const to = layout.journalFile(staging)
  const size = await stat(from).then(
    (info) => info.size,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return 0
      throw error
    },
  )
  if (size < step.journalBytes) {
    log('error', `The journal of ${step.dataset} is shorter (${size} bytes) than the ledger says (${step.journalBytes}); its entities are processed again`)
    entities.forget(step.id)
    return 0
  }
  await mkdir(path.dirname(to), { recursive: true })
  await pipeline(createReadStream(from, { end: step.journalBytes - 1 }), createWriteStream(to))
  await durable.syncFile(to)
  await durable.syncDir(path.dirname(to))
  return step.journalBytes
}

/** Chunks of an SQL step are whole files that nobody writes to any more, so another name for each is enough. */
async function carryChunks(parts: Pick<EngineParts, 'layout' | 'durable' | 'entities' | 'log'>, { step, from, to }: { step: StepRow; from: string; to: string }): Promise<number> {
  const { layout, durable, entities, log } = parts
  const chunks = stagingFiles(layout, from).filter((file) => path.basename(file).startsWith(`${from}.chunk-`))
  if (chunks.length < step.journalBytes) {
    log('error', `${step.dataset} has ${chunks.length} chunks in its staging folder, but the ledger says ${step.journalBytes}; its entities are processed again`)
    entities.forget(step.id)
    return 0
  }
  for (const chunk of chunks) {
    const target = path.join(layout.stagingDir, `${to}${path.basename(chunk).slice(from.length)}`)
    await link(chunk, target).catch(() => copyFile(chunk, target, constants.COPYFILE_FICLONE))
    await durable.syncFile(target)
  }
  await durable.syncDir(layout.stagingDir)
  return step.journalBytes
}
