import { createHash } from 'node:crypto'
import path from 'node:path'
import { DONE_STEP_STATES } from '../../../shared/domain/run-status.ts'
import type { StepCodeFile } from '../ledger/code.store.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import type { EngineParts } from '../parts.ts'
import { type CodeReading, nameIn, readWithImports } from '../planning/processor-code.ts'
import type { DataTypeModel, StepModel } from '../workspace/model.ts'

type CodeText = StepCodeFile & { text: string }
/** The files of a run's steps, each read once, with what it imports. */
type CodeOf = (file: string) => Promise<ReadonlyMap<string, CodeReading>>

/**
 * Keeps the files of each step as they are when the run is planned, a processor's with all that it imports, so that runs can be compared
 * long after the files have changed. A step that an earlier attempt has done keeps the code it was done with.
 */
export async function recordCode({ steps, code, layout }: Pick<EngineParts, 'steps' | 'code' | 'layout'>, run: RunRow, dataType: DataTypeModel): Promise<void> {
  const open = new Map(steps.ofRun(run.id).filter((row) => !DONE_STEP_STATES.has(row.state)).map((row) => [row.dataset, row.id]))
  const read = new Map<string, ReturnType<CodeOf>>()
  const codeOf: CodeOf = (file) => {
    const known = read.get(file) ?? readWithImports(path.join(layout.root, file))
    read.set(file, known)
    return known
  }
  const recorded = await Promise.all(
    dataType.steps.flatMap((step) => {
      const stepId = open.get(step.dataset)
      return stepId === undefined ? [] : [textsOf(step, { root: layout.root, codeOf }).then((files) => ({ stepId, files }))]
    }),
  )
  code.save(recorded)
}

/** What is gone since the workspace was read is left out: the run itself will say what that means for it. */
async function textsOf({ file, contract }: StepModel, { root, codeOf }: { root: string; codeOf: CodeOf }): Promise<CodeText[]> {
  const own = [...new Set([file, ...(contract === null ? [] : [contract.file])])]
  const readings = new Map((await Promise.all(own.map(codeOf))).flatMap((files) => [...files]))
  return [...readings].flatMap(([name, reading]) => ('text' in reading ? [{ file: nameIn(root, name), sha256: createHash('sha256').update(reading.text).digest('hex'), text: reading.text }] : []))
}
