import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { DONE_STEP_STATES } from '../../../shared/domain/run-status.ts'
import type { StepCodeFile } from '../ledger/code.store.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import type { EngineParts } from '../parts.ts'
import type { DataTypeModel, StepModel } from '../workspace/model.ts'

type CodeText = StepCodeFile & { text: string }

/**
 * Keeps the files of each step as they are when the run is planned, so that runs can be compared long after the files have changed.
 * A step that an earlier attempt has done keeps the code it was done with.
 */
export async function recordCode({ steps, code, layout }: Pick<EngineParts, 'steps' | 'code' | 'layout'>, run: RunRow, dataType: DataTypeModel): Promise<void> {
  const open = new Map(steps.ofRun(run.id).filter((row) => !DONE_STEP_STATES.has(row.state)).map((row) => [row.dataset, row.id]))
  const read = new Map<string, Promise<CodeText | null>>()
  const textOf = (file: string): Promise<CodeText | null> => {
    const known = read.get(file) ?? readCode(layout.root, file)
    read.set(file, known)
    return known
  }
  const recorded = await Promise.all(
    dataType.steps.flatMap((step) => {
      const stepId = open.get(step.dataset)
      return stepId === undefined ? [] : [Promise.all(filesOf(step).map(textOf)).then((files) => ({ stepId, files: files.filter((file) => file !== null) }))]
    }),
  )
  code.save(recorded)
}

function filesOf(step: StepModel): string[] {
  return [...new Set([step.file, ...(step.contract === null ? [] : [step.contract.file])])]
}

/** Null: gone since the workspace was read. The run itself will say what that means for it. */
async function readCode(root: string, file: string): Promise<CodeText | null> {
  const text = await readFile(path.join(root, file), 'utf8').catch(() => null)
  return text === null ? null : { file, sha256: createHash('sha256').update(text).digest('hex'), text }
}
