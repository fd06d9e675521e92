import { readdir, realpath } from 'node:fs/promises'
import path from 'node:path'
import type { PipelineFile } from '../../../shared/contract/pipelines.contract.ts'
import { datasetIdSchema } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { isZone } from '../../../shared/domain/zone.ts'
import { whenAbsent } from '../zones/when-absent.ts'

/** Files of a workspace that people write: strata.yaml, and what lies under pipelines/. */

const PIPELINE = /^pipelines\/[^/]+\/pipeline\.yaml$/
const STEP = /^pipelines\/([^/]+)\/([^/]+)\/([^/]+)\.(sql|ts|yaml|yml)$/
/** Tests, and code that processors share. */
const BESIDE = /^pipelines\/[^/]+\/(?:lib|tests)\/(?:[^/]+\/)*[^/]+\.(?:sql|ts|yaml|yml|csv|json)$/
/** The test of a step. */
const TEST = /^pipelines\/[^/]+\/tests\/[^/]+\.ya?ml$/
/** Of a part of a path: nothing hidden, no way up, nothing that some system cannot have in a name. */
const PART = /^[^.\s:*?"<>|\\][^:*?"<>|\\\p{Cc}]*$/u

/** What a path is in a workspace; null: no file of its pipelines. */
export function describeFile(file: string): PipelineFile | null {
  if (!file.split('/').every((part) => PART.test(part) && !part.endsWith('.'))) return null
  if (file === 'strata.yaml') return { path: file, kind: 'workspace', dataType: null, zone: null, dataset: null }
  const dataType = file.split('/')[1] ?? null
  if (PIPELINE.test(file)) return { path: file, kind: 'pipeline', dataType, zone: null, dataset: null }
  if (TEST.test(file)) return { path: file, kind: 'test', dataType, zone: null, dataset: null }
  return describeStep(file) ?? (BESIDE.test(file) ? { path: file, kind: 'other', dataType, zone: null, dataset: null } : null)
}

const STEP_KINDS: Readonly<Record<string, PipelineFile['kind']>> = { sql: 'sql', ts: 'processor', yaml: 'contract', yml: 'contract' }

function describeStep(file: string): PipelineFile | null {
  const [, dataType = '', zone = '', stem = '', ending = ''] = STEP.exec(file) ?? []
  const kind = STEP_KINDS[ending]
  if (!isZone(zone) || kind === undefined) return null
  // Tests and declarations beside processors make nothing.
  if (/\.(?:test|spec|d)$/.test(stem)) return { path: file, kind: 'other', dataType, zone, dataset: null }
  const dataset = datasetIdSchema.safeParse(`${dataType}.${zone}.${stem}`)
  return { path: file, kind, dataType, zone, dataset: dataset.success ? dataset.data : null }
}

/** The files that are there, by path. */
export async function listPipelineFiles(root: string): Promise<PipelineFile[]> {
  const entries = await readdir(path.join(root, 'pipelines'), { recursive: true, withFileTypes: true }).catch(whenAbsent([]))
  const found = entries.filter((entry) => entry.isFile()).map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
  return ['strata.yaml', ...found.toSorted()].flatMap((file) => describeFile(file) ?? [])
}

/**
 * Where a file of the pipelines lies, or would. A link that leads out of the workspace is not followed.
 * @throws BAD_INPUT for any other path
 */
export async function placeOfFile(root: string, file: string): Promise<string> {
  if (describeFile(file) === null) {
    throw new ProblemError('BAD_INPUT', `${file} is no file of the pipelines`, { hint: 'strata.yaml, pipelines/<data_type>/pipeline.yaml, or pipelines/<data_type>/<zone>/<name>.sql, .ts or .yaml', details: { path: file } })
  }
  const target = path.join(root, file)
  const realRoot = await realpath(root)
  for (let folder = target; folder !== root; folder = path.dirname(folder)) {
    const real = await realpath(folder).catch(whenAbsent(null))
    if (real === null) continue
    if (real !== realRoot && !real.startsWith(realRoot + path.sep)) throw new ProblemError('BAD_INPUT', `${file} leads out of the workspace`, { hint: 'Put a copy of the file here instead of a link', details: { path: file } })
    break
  }
  return target
}

/** @throws BAD_INPUT for what is no test of a step */
export function requireTestFile(file: string): void {
  if (describeFile(file)?.kind === 'test') return
  throw new ProblemError('BAD_INPUT', `${file} is no place for a test`, { hint: 'pipelines/<data_type>/tests/<name>.yaml', details: { path: file } })
}
