import { toProblem } from '../../../shared/domain/problem.ts'
import { findSourceFiles } from '../etl/find-files.ts'
import type { EngineParts } from '../parts.ts'
import type { DataTypeModel, SourceSpec } from '../workspace/model.ts'
import type { SeenFile } from './settling-files.ts'

type Parts = Pick<EngineParts, 'schedules' | 'versions' | 'layout'>

/**
 * Files of the watched sources that neither the current version was read from nor a run was started for: by path, size and time, as a
 * folder shows them.
 */
export async function findNewFiles(parts: Parts, model: DataTypeModel, signal: AbortSignal): Promise<SeenFile[]> {
  const { layout, schedules } = parts
  const noticed = schedules.noticed(model.name)
  const found: SeenFile[] = []
  for (const step of model.steps) {
    if (step.kind !== 'extract' || !model.triggers.files.includes(step.source.name)) continue
    const read = readAlready(parts, step.dataset)
    for (const file of await filesOf(layout.root, step.source, signal)) {
      const path = layout.relative(file.path)
      const modifiedAt = Date.parse(file.modifiedAt)
      const before = noticed.get(path)
      const isNoticed = before?.sizeBytes === file.sizeBytes && before.modifiedAt === modifiedAt
      if (!isNoticed && !read.has(keyOf(path, file))) found.push({ path, sizeBytes: file.sizeBytes, modifiedAt })
    }
  }
  return found
}

async function filesOf(root: string, source: SourceSpec, signal: AbortSignal) {
  try {
    return await findSourceFiles({ root, patterns: source.files, signal })
  } catch (error) {
    // An empty inbox is what a watched folder is most of the time.
    if (toProblem(error).code === 'SOURCE_MISSING') return []
    throw error
  }
}

function readAlready({ versions, layout }: Parts, dataset: string): Set<string> {
  const current = versions.current(dataset)
  if (current === null) return new Set()
  return new Set(versions.deliveries(current.id).map((delivery) => keyOf(layout.relative(delivery.origin), delivery)))
}

function keyOf(path: string, { sizeBytes, modifiedAt }: { sizeBytes: number; modifiedAt: string }): string {
  return `${sizeBytes} ${Date.parse(modifiedAt)} ${path}`
}
