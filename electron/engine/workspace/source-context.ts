import type { FindingList, Mistake } from './finding-list.ts'
import type { SourceFile } from './pipeline-file.schema.ts'
import type { YamlDocument } from './yaml-document.ts'

/** A source of a pipeline.yaml while it is read. */
export interface SourceContext {
  name: string
  source: SourceFile
  /** Names of the declared parameters. */
  parameters: readonly string[]
  document: YamlDocument
  findings: FindingList
}

export type SourceKey = keyof SourceFile

/** A mistake in one option of the source, at its place in the file. */
export function complain({ name, document, findings }: SourceContext, key: SourceKey, mistake: Omit<Mistake, 'file'> & { part?: 'key' | 'value' }): void {
  const { part = 'value', ...rest } = mistake
  findings.add({ ...rest, file: document.file, at: rest.at ?? document.place(['sources', name, key], part) })
}
