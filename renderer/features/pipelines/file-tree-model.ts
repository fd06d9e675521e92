import type { PipelineFile } from '../../../shared/contract/pipelines.contract.ts'
import type { Finding } from '../../../shared/contract/workspace.contract.ts'
import { type Zone, ZONES } from '../../../shared/domain/zone.ts'

export interface FileLine {
  file: PipelineFile
  /** As it is called under its heading. */
  name: string
  errors: number
  warnings: number
}

/** Files under one heading: those of a zone, the tests of steps, or those beside them, which have none. */
export interface FileGroup {
  heading: Zone | 'tests' | null
  lines: FileLine[]
}

export interface FileTree {
  workspace: FileLine | null
  dataTypes: { name: string; groups: FileGroup[]; count: number }[]
}

/** The files by data type and zone, with what is wrong in each. */
export function fileTree(files: readonly PipelineFile[], findings: readonly Finding[], text: string): FileTree {
  const byFile = Map.groupBy(findings, ({ file }) => file)
  const lineOf = (file: PipelineFile): FileLine => {
    const own = byFile.get(file.path) ?? []
    const errors = own.filter(({ severity }) => severity === 'error').length
    return { file, name: nameOf(file), errors, warnings: own.length - errors }
  }
  const wanted = text.trim().toLowerCase()
  const lines = files.filter(({ path }) => path.toLowerCase().includes(wanted)).map(lineOf)
  const byType = Map.groupBy(lines.filter(({ file }) => file.dataType !== null), ({ file }) => file.dataType ?? '')
  return {
    workspace: lines.find(({ file }) => file.kind === 'workspace') ?? null,
    dataTypes: [...byType].map(([name, own]) => ({ name, groups: groupsOf(own), count: own.filter(({ file }) => file.kind === 'sql' || file.kind === 'processor').length })),
  }
}

function groupsOf(lines: readonly FileLine[]): FileGroup[] {
  const ofZone = (zone: Zone | null): FileLine[] => lines.filter(({ file }) => file.zone === zone)
  const isTest = ({ file }: FileLine): boolean => file.kind === 'test'
  const tests = lines.filter(isTest).map((line) => ({ ...line, name: line.file.path.split('/').at(-1) ?? line.name }))
  const beside = ofZone(null).filter((line) => !isTest(line)).toSorted((a, b) => Number(b.file.kind === 'pipeline') - Number(a.file.kind === 'pipeline'))
  const groups: FileGroup[] = [{ heading: null, lines: beside }, ...ZONES.map((zone) => ({ heading: zone, lines: ofZone(zone) })), { heading: 'tests', lines: tests }]
  return groups.filter((group) => group.lines.length > 0)
}

function nameOf({ path, zone, dataType }: PipelineFile): string {
  const parts = path.split('/')
  return zone !== null ? (parts.at(-1) ?? path) : dataType === null ? path : parts.slice(2).join('/')
}
